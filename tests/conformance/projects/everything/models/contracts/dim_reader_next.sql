select member_id, name, joined_on, 0 as score from {{ ref('stg_members') }}

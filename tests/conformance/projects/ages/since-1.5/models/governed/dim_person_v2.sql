select cast(id as integer) as id, name from {{ ref('stg_people') }}

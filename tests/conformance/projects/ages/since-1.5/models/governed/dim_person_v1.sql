select cast(id as integer) as id from {{ ref('stg_people') }}

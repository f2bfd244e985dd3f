select id from {{ ref('stg_moving') }}

select * from {{ ref('dim_bikes') }}

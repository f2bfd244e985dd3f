{{ config(enabled=false) }}
select id from {{ ref('dim_ships') }}

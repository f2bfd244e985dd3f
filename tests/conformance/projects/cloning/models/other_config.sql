{{ config(
    materialized='view' if target.name == 'prod' else 'table'
) }}
select * from {{ ref('orders_table') }}

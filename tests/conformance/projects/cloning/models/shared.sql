{{ config(schema='shared', materialized='table') }}
select * from {{ ref('orders_table') }}

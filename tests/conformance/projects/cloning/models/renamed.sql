{{ config(schema='custom', alias='Orders Renamed', materialized='table') }}
select * from {{ ref('orders_incremental') }}

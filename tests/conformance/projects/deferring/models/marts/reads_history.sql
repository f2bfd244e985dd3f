{{ config(materialized='table') }}
select id from {{ ref('ship_history') }}

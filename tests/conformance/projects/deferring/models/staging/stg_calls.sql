{{ config(materialized='view') }}
select id, ship_id from {{ source('port', 'calls') }}

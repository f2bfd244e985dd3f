{{ config(materialized='view') }}
select id from {{ source('port', 'tides') }}

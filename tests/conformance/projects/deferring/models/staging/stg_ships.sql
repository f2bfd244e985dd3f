{{ config(materialized='view') }}
select id, name, berth_id from {{ ref('raw_ships') }}

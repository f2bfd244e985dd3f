{{ config(materialized='ephemeral') }}
select id, {{ function('berth_count') }}(id) as berths from {{ ref('raw_ships') }}

{{ config(materialized='view') }}
select id, kind from {{ ref('raw_moving') }}

{{ config(materialized='table') }}
select id, quay from {{ ref('raw_berths') }}

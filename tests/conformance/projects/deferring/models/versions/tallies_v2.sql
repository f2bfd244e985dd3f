{{ config(materialized='table') }}
select id, quay from {{ ref('stg_berths') }}

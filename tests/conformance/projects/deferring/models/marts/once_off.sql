{{ config(materialized='table') }}
select id from {{ ref('stg_berths') }}

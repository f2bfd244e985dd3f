{{ config(materialized='table') }}
select id from {{ ref('key_home') }}

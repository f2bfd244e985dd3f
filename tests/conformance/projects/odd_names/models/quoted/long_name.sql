{{ config(alias='l' * 63, materialized='table') }}
select * from {{ ref('plain') }}

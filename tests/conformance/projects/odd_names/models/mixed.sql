{{ config(materialized='table', alias='MixedCase') }}
select * from {{ ref('plain') }}

{{ config(alias="it's", materialized='table') }}
select * from {{ ref('punctuation') }}

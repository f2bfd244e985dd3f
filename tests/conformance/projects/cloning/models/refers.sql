{{ config(materialized='table') }}
select id as keyed_id from {{ ref('keyed') }}

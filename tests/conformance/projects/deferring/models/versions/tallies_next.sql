{{ config(materialized='view') }}
select id, quay, 1 as extra from {{ ref('tallies', v=2) }}

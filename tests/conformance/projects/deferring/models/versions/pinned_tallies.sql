{{ config(materialized='table') }}
select a.id from {{ ref('tallies', v=1) }} a join {{ ref('tallies', version=3) }} b on a.id = b.id

{{ config(materialized='table') }}
select d.id, d.due, s.name
from {{ ref('eph_dues') }} d join {{ ref('dim_ships') }} s on s.id = d.ship_id

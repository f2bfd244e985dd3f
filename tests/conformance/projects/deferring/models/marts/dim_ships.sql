{{ config(materialized='table') }}
select s.id, s.name, b.quay
from {{ ref('stg_ships') }} s join {{ ref('stg_berths') }} b on b.id = s.berth_id

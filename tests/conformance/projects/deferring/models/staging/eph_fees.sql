{{ config(materialized='ephemeral') }}
select t.id, t.fee, c.ship_id
from {{ ref('eph_tariffs') }} t join {{ ref('stg_calls') }} c on c.id = t.id

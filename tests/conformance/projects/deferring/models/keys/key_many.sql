{{ config(materialized='table') }}
select id, id as berth_id, id as call_id, id as pilot_id, id as tally_id, id as tariff_id
from {{ ref('eph_tariffs') }}

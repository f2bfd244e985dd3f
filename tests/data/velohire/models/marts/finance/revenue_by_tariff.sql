{{ config(materialized='view') }}

select
    tariffs.tariff_name,
    count(rides.ride_id) as rides,
    coalesce(sum(rides.price), 0) as billed
from {{ ref('stg_tariffs') }} as tariffs
left join {{ ref('fct_rides') }} as rides
    on tariffs.tariff_code = rides.tariff_code
group by tariffs.tariff_name

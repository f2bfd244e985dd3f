select
    weather.is_wet,
    count(distinct weather.weather_day) as days,
    count(rides.ride_id) as rides,
    coalesce(sum(rides.price), 0) as billed
from {{ ref('stg_weather') }} as weather
left join {{ ref('fct_rides') }} as rides
    on weather.weather_day = rides.ride_day
group by weather.is_wet

select
    weather_day,
    mean_celsius,
    rain_mm,
    rain_mm > 0 as is_wet
from {{ source('landing', 'weather_daily') }}

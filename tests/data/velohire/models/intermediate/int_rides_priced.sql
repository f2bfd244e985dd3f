with priced as (

    select
        rides.*,
        riders.tariff_code,
        {{ ride_price_cents(
            'rides.started_at',
            'rides.ended_at',
            'tariffs.unlock_cents',
            'tariffs.cents_per_minute',
            'tariffs.free_minutes'
        ) }} as uncapped_cents,
        tariffs.daily_cap_cents
    from {{ ref('stg_rides') }} as rides
    inner join {{ ref('stg_riders') }} as riders
        on rides.rider_id = riders.rider_id
    inner join {{ ref('stg_tariffs') }} as tariffs
        on riders.tariff_code = tariffs.tariff_code
    where not rides.is_open

)

select
    ride_id,
    rider_id,
    bike_id,
    from_station_id,
    to_station_id,
    started_at,
    ended_at,
    tariff_code,
    cast(least(
        uncapped_cents, coalesce(daily_cap_cents, uncapped_cents)
    ) as integer) as price_cents
from priced

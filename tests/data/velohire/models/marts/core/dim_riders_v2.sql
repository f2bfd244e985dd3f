with rides as (

    select
        rider_id,
        min(started_at) as first_ride_at,
        cast(count(*) as integer) as rides
    from {{ ref('stg_rides') }}
    group by rider_id

)

select
    riders.rider_id,
    riders.first_name,
    riders.last_name,
    riders.email is not null as can_be_mailed,
    riders.tariff_code,
    riders.joined_on,
    rides.first_ride_at,
    coalesce(rides.rides, 0) as rides
from {{ ref('stg_riders') }} as riders
left join rides on riders.rider_id = rides.rider_id

select
    ride_id,
    rider_id,
    bike_id,
    from_station as from_station_id,
    to_station as to_station_id,
    cast(started_at as timestamp) as started_at,
    cast(ended_at as timestamp) as ended_at,
    ended_at is null as is_open
from {{ ref('raw_rides') }}

with departures as (

    select
        from_station_id as station_id,
        ride_day,
        count(*) as departures
    from {{ ref('fct_rides') }}
    group by from_station_id, ride_day

),

arrivals as (

    select
        to_station_id as station_id,
        ride_day,
        count(*) as arrivals
    from {{ ref('fct_rides') }}
    group by to_station_id, ride_day

)

select
    coalesce(departures.station_id, arrivals.station_id) as station_id,
    coalesce(departures.ride_day, arrivals.ride_day) as ride_day,
    coalesce(departures.departures, 0) as departures,
    coalesce(arrivals.arrivals, 0) as arrivals,
    coalesce(arrivals.arrivals, 0) - coalesce(departures.departures, 0) as gain
from departures
full outer join arrivals
    on departures.station_id = arrivals.station_id
    and departures.ride_day = arrivals.ride_day

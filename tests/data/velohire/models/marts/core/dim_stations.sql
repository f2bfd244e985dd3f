with outages as (

    select
        station_id,
        count(*) as outages,
        sum(minutes_down) as minutes_down
    from {{ ref('stg_dock_outages') }}
    group by station_id

)

select
    stations.station_id,
    stations.station_name,
    stations.zone,
    stations.docks,
    stations.latitude,
    stations.longitude,
    stations.opened_on,
    coalesce(outages.outages, 0) as outages,
    coalesce(outages.minutes_down, 0) as minutes_down
from {{ ref('stg_stations') }} as stations
left join outages on stations.station_id = outages.station_id
where stations.zone != 'depot'

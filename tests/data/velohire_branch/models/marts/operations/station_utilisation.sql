select
    stations.station_id,
    stations.station_name,
    stations.zone,
    readings.read_on,
    avg(readings.bikes_docked * 1.0 / stations.docks) as utilisation,
    coalesce(any_value(flow.gain), 0) as gain
from {{ ref('dim_stations') }} as stations
inner join {{ ref('fct_dock_readings') }} as readings
    on stations.station_id = readings.station_id
left join {{ ref('station_flow') }} as flow
    on
        readings.station_id = flow.station_id
        and readings.read_on = flow.ride_day
group by all

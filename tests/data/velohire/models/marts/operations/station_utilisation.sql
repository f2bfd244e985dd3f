select
    stations.station_id,
    stations.station_name,
    stations.zone,
    readings.read_on,
    avg(readings.bikes_docked * 1.0 / stations.docks) as utilisation
from {{ ref('dim_stations') }} as stations
inner join {{ ref('fct_dock_readings') }} as readings
    on stations.station_id = readings.station_id
group by all

select
    station_id,
    read_at,
    cast(read_at as date) as read_on,
    bikes_docked
from {{ source('landing', 'dock_readings') }}

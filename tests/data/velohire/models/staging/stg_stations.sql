select
    station_id,
    station_name,
    zone,
    docks,
    cast(lat as decimal(8, 4)) as latitude,
    cast(lon as decimal(8, 4)) as longitude,
    cast(opened_on as date) as opened_on,
    nullif(note, '') as note
from {{ ref('raw_stations') }}

select
    outage_id,
    station_id,
    began_at,
    ended_at,
    date_diff('minute', began_at, ended_at) as minutes_down
from {{ source('landing', 'outages') }}

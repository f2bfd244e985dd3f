select
    ride_id,
    ended_at - started_at as duration
from {{ ref('fct_rides') }}
order by duration desc
limit 10

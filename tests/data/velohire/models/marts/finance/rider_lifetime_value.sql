select
    riders.rider_id,
    riders.joined_on,
    count(rides.ride_id) as rides,
    coalesce(sum(rides.price), 0) as billed
from {{ ref('dim_riders', v=2) }} as riders
left join {{ ref('fct_rides') }} as rides
    on riders.rider_id = rides.rider_id
group by riders.rider_id, riders.joined_on

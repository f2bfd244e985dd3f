select
    bikes.bike_id,
    bikes.kind,
    bikes.frame_number,
    bikes.bought_on,
    bikes.price,
    bikes.is_retired,
    workload.rides,
    workload.minutes_ridden,
    workload.workshop_jobs
from {{ ref('stg_bikes') }} as bikes
inner join {{ ref('int_bike_workload') }} as workload
    on bikes.bike_id = workload.bike_id

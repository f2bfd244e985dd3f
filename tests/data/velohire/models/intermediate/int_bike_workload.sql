with ridden as (

    select
        bike_id,
        count(*) as rides,
        sum(date_diff('minute', started_at, ended_at)) as minutes_ridden
    from {{ ref('stg_rides') }}
    where not is_open
    group by bike_id

),

repaired as (

    select
        bike_id,
        count(*) as workshop_jobs,
        sum(parts_cost) as parts_cost,
        max(closed_at) as last_repaired_at
    from {{ ref('stg_workshop_jobs') }}
    group by bike_id

)

select
    bikes.bike_id,
    coalesce(ridden.rides, 0) as rides,
    coalesce(ridden.minutes_ridden, 0) as minutes_ridden,
    coalesce(repaired.workshop_jobs, 0) as workshop_jobs,
    coalesce(repaired.parts_cost, 0) as parts_cost,
    repaired.last_repaired_at
from {{ ref('stg_bikes') }} as bikes
left join ridden on bikes.bike_id = ridden.bike_id
left join repaired on bikes.bike_id = repaired.bike_id

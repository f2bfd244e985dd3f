select
    bikes.bike_id,
    bikes.kind,
    bikes.minutes_ridden,
    bikes.workshop_jobs,
    bikes.minutes_ridden / (1 + bikes.workshop_jobs) as minutes_per_job
from {{ ref('dim_bikes') }} as bikes
where
    not bikes.is_retired
    and bikes.minutes_ridden >= {{ var('service_after_minutes') }}

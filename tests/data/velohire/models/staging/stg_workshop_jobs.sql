select
    job_id,
    bike_id,
    work,
    cast(opened_at as timestamp) as opened_at,
    cast(closed_at as timestamp) as closed_at,
    {{ to_euros('parts_cents') }} as parts_cost
from {{ ref('raw_workshop_jobs') }}

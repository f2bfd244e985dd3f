select
    ride_id,
    sum(amount) filter (where status = 'settled') as paid,
    count(*) filter (where status = 'failed') as failed_attempts,
    max(paid_at) as last_paid_at
from {{ ref('stg_payments') }}
group by ride_id

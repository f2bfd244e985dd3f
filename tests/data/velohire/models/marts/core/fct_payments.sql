select
    payment_id,
    ride_id,
    method,
    status,
    amount,
    paid_at
from {{ ref('stg_payments') }}

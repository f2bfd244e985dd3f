select
    payment_id,
    ride_id,
    method,
    status,
    {{ to_euros('amount_cents') }} as amount,
    cast(paid_at as timestamp) as paid_at
from {{ ref('raw_payments') }}

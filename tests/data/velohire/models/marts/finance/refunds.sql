select
    payments.payment_id,
    payments.ride_id,
    payments.amount,
    payments.paid_at,
    riders.full_name
from {{ ref('fct_payments') }} as payments
inner join {{ ref('stg_rides') }} as rides
    on payments.ride_id = rides.ride_id
inner join {{ ref('dim_riders', v=1) }} as riders
    on rides.rider_id = riders.rider_id
where payments.status = 'refunded'

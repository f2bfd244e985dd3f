-- Nothing can be paid before the ride has ended.
select payments.payment_id
from {{ ref('fct_payments') }} as payments
inner join {{ ref('fct_rides') }} as rides
    on payments.ride_id = rides.ride_id
where payments.paid_at < rides.ended_at

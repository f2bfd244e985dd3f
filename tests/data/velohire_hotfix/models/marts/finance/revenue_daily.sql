select
    rides.ride_day,
    count(*) as rides,
    sum(rides.price) as billed,
    coalesce(sum(payments.paid), 0) as paid,
    sum(rides.price) - coalesce(sum(payments.paid), 0) as outstanding
from {{ ref('fct_rides') }} as rides
left join {{ ref('int_payments_by_ride') }} as payments
    on rides.ride_id = payments.ride_id
group by rides.ride_day

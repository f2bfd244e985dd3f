select lent_on, count(*) as loans
from {{ ref('eph_open_loans') }}
group by 1

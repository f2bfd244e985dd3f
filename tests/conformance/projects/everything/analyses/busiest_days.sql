select * from {{ ref('daily_loans') }} order by loans desc limit 10

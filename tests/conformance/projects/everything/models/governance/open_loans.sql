select l.loan_id, m.most
from {{ ref('fct_loans') }} as l
join {{ ref('loan_limits') }} as m using (member_id)
join {{ ref('dim_reader') }} as r using (member_id)

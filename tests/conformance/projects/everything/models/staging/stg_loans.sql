select
    loan_id,
    member_id,
    book_id,
    {{ shelf_tools.as_day('lent_at') }} as lent_on,
    {{ outer_clean('note') }} as note
from {{ source('branch', 'loans') }}

select fine_id, loan_id, {{ cents_to_euros('amount') }} as amount, {{ add_vat('amount') }} as gross
from {{ source('branch', 'fines') }}

select * from {{ ref('stg_loans') }}

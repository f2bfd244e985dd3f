{{ config(materialized='incremental', unique_key='loan_id', on_schema_change='append_new_columns') }}

select l.loan_id, l.member_id, l.book_id, l.lent_on, f.amount as fine
from {{ ref('stg_loans') }} as l
left join {{ ref('stg_fines') }} as f using (loan_id)
{% if is_incremental() %}
where l.lent_on > (select max(lent_on) from {{ this }})
{% endif %}

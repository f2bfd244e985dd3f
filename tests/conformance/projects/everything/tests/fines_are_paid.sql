{{ config(severity='warn', tags=['money']) }}
select * from {{ ref('fct_fines') }} where amount < 0

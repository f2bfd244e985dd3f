{{ config(tags=['money']) }}
select {{ cents_to_euros('amount') }} from {{ ref('fct_fines') }}

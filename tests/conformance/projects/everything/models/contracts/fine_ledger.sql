{{ config(materialized='incremental', on_schema_change='fail') }}
select fine_id, loan_id, amount from {{ ref('fct_fines') }}

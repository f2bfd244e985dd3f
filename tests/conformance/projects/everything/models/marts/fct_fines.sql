{{
  config(
    pre_hook="select 'before'",
    post_hook=["select 'after'", "{{ touch(this) }}"]
  )
}}
select fine_id, loan_id, amount from {{ ref('stg_fines') }}

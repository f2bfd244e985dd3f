{{ config(severity='warn', tags=['singular_tag'], limit=5, fail_calc='max(n)') }} select 1 as n from {{ ref('basket') }} join {{ ref('crate', v=2) }} using (id) where false

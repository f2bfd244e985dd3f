{{ config(schema='my schema', alias='a b.c; --') }}
select * from {{ ref('other_script') }}

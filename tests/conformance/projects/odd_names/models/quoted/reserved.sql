{{ config(schema='order', alias='select') }}
select * from {{ ref('mixed') }}

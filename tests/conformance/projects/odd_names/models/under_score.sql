{{ config(schema='a_b', alias='x_1') }}
select * from {{ ref('plain') }}

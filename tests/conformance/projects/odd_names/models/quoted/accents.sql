{{ config(schema='größe', alias='GRÖSSE', materialized='table') }}
select * from {{ ref('reserved') }}

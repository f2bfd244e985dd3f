{{ config(materialized='table') }}
select 1 as weekday, 9 as opens

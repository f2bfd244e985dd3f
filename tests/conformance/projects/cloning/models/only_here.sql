{{ config(enabled=target.name != 'prod', materialized='table') }}
select 1 as id

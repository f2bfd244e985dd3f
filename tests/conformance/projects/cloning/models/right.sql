{{ config(
    schema='shared',
    alias='right' if target.name == 'prod' else 'left',
    materialized='table'
) }}
select 'right' as side

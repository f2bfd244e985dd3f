{{ config(
    schema='shared',
    alias='left' if target.name == 'prod' else 'right',
    materialized='table'
) }}
select 'left' as side

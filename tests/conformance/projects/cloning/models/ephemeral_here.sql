{{ config(
    materialized='table' if target.name == 'prod' else 'ephemeral'
) }}
select 1 as id

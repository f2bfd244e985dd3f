{{ config(
    materialized='ephemeral' if target.name == 'prod' else 'table'
) }}
select 1 as id

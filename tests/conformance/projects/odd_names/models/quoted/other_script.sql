{{ config(
    alias='漢字',
    materialized='materialized_view' if target.type == 'postgres' else 'view'
) }}
select * from {{ ref('accents') }}

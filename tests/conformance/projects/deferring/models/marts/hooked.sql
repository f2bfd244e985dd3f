{{ config(
    materialized='table',
    pre_hook="select count(*) from {{ ref('stg_berths') }}",
    post_hook="select count(*) from {{ ref('ship_list') }}"
) }}
select id from {{ ref('dim_ships') }}

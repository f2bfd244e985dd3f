{{ config(materialized='table', alias='ships_for_print', schema='print') }}
select id from {{ ref('dim_ships') }}

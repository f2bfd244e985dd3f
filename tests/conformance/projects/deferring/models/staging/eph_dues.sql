{{ config(materialized='ephemeral') }}
select id, fee * 2 as due, ship_id from {{ ref('eph_fees') }}

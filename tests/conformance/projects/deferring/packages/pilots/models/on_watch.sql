{{ config(materialized='table') }}
select id from {{ ref('pilot_roster') }}

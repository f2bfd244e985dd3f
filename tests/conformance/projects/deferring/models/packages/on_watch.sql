{{ config(materialized='table') }}
select id from {{ ref('pilots', 'pilot_roster') }}

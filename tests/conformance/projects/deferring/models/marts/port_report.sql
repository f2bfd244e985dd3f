{{ config(materialized='table', alias='PortReport') }}
select id from {{ ref('fct_calls') }}

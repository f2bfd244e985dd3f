{{ config(materialized='table') }}
select member_id from {{ ref('stg_members') }}

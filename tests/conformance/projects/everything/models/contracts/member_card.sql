{{ config(materialized='table') }}
select member_id, name, joined_on from {{ ref('stg_members') }}

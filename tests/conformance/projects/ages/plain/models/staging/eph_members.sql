{{ config(materialized='ephemeral') }}
select m.id, m.since from {{ source('club', 'members') }} as m

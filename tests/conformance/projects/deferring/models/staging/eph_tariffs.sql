{{ config(materialized='ephemeral') }}
select id, fee from {{ ref('raw_tariffs') }}

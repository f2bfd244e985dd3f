{{ config(materialized='ephemeral', tags=['eph']) }} select id from {{ ref('inn_picked') }} union all select id from {{ ref('grove', 'trunk') }}

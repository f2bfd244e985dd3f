{{ config(enabled=false) }} select * from {{ ref('inn_picked') }}

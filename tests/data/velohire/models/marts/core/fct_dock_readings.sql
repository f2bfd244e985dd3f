{{ config(
    materialized='incremental',
    incremental_strategy='append'
) }}

select
    station_id,
    read_at,
    read_on,
    bikes_docked
from {{ ref('stg_dock_readings') }}
{% if is_incremental() %}
where read_at > (select max(already.read_at) from {{ this }} as already)
{% endif %}

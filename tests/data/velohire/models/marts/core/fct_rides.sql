{{ config(
    materialized='incremental',
    unique_key='ride_id',
    incremental_strategy='delete+insert',
    on_schema_change='append_new_columns'
) }}

select
    ride_id,
    rider_id,
    bike_id,
    from_station_id,
    to_station_id,
    started_at,
    ended_at,
    cast(started_at as date) as ride_day,
    tariff_code,
    {{ to_euros('price_cents') }} as price,
    {{ is_weekend('started_at') }} as is_weekend
from {{ ref('int_rides_priced') }}
{% if is_incremental() %}
where started_at >= (
    select max(already.started_at) - interval 3 day from {{ this }} as already
)
{% endif %}

{{ config(severity='warn', tags=['nightly']) }}
select * from {{ ref('überfällige_fahrräder') }} where bike_id is null

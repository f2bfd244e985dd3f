{{ config(enabled=false, tags=['nightly']) }}
select * from {{ ref('old_prices') }}

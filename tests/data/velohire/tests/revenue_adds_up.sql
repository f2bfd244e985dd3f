{{ config(tags=['nightly']) }}
-- What finance bills by day is what it bills by tariff.
select
    by_day.billed as billed_by_day,
    by_tariff.billed as billed_by_tariff
from (select sum(billed) as billed from {{ ref('revenue_daily') }}) as by_day
cross join
    (select sum(billed) as billed from {{ ref('revenue_by_tariff') }})
        as by_tariff
where by_day.billed != by_tariff.billed

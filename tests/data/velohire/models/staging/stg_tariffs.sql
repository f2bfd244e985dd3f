select
    tariff_code,
    tariff_name,
    unlock_cents,
    cents_per_minute,
    free_minutes,
    daily_cap_cents
from {{ ref('raw_tariffs') }}

select cast(d as date) as date_day
from
    generate_series(
        timestamp '{{ var("first_day") }}',
        timestamp '{{ var("last_day") }}',
        interval 1 day
    ) as days (d)

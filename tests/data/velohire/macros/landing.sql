{#
  Stands in for the systems outside dbt that write to the schema `landing`.
  The rows depend on nothing but the vars, and what exists is left alone.
#}
{% macro load_landing() -%}
    create schema if not exists landing;

    create table if not exists landing.dock_readings as
    select
        'ST' || lpad(cast(s as varchar), 2, '0') as station_id,
        d + interval (h) hour as read_at,
        (s * 7 + dayofyear(d) * 3 + h * 5) % (6 + s) as bikes_docked
    from range(1, 12) as stations (s)
    cross join
        generate_series(
            timestamp '{{ var("first_day") }}',
            timestamp '{{ var("last_day") }}',
            interval 1 day
        ) as days (d)
    cross join range(0, 24, 6) as hours (h);

    create table if not exists landing.weather_daily as
    select
        cast(d as date) as weather_day,
        cast(12 + 8 * sin(dayofyear(d) / 5.0) as decimal(4, 1)) as mean_celsius,
        case when dayofyear(d) % 4 = 0 then dayofyear(d) % 11 else 0 end as rain_mm
    from
        generate_series(
            timestamp '{{ var("first_day") }}',
            timestamp '{{ var("last_day") }}',
            interval 1 day
        ) as days (d);

    create table if not exists landing.dock_outages as
    select
        o as outage_id,
        'ST' || lpad(cast(1 + o % 11 as varchar), 2, '0') as station_id,
        timestamp '{{ var("first_day") }}' + interval (o * 37) hour as began_at,
        timestamp '{{ var("first_day") }}'
        + interval (o * 37 + 1 + o % 9) hour as ended_at
    from range(1, 19) as outages (o);
{%- endmacro %}

{# Cents to euros, with two decimals. #}
{% macro to_euros(cents) -%}
    cast(({{ cents }}) / 100.0 as decimal(12, 2))
{%- endmacro %}

{# The minutes that a rider pays for: every five minutes begun count whole. #}
{% macro billed_minutes(started_at, ended_at) -%}
    5 * cast(
        ceil(date_diff('second', {{ started_at }}, {{ ended_at }}) / 300.0) as integer
    )
{%- endmacro %}

{# The price of a ride in cents, before the daily cap. #}
{% macro ride_price_cents(started_at, ended_at, unlock, per_minute, free) -%}
    {{ unlock }} + {{ per_minute }} * greatest(
        {{ billed_minutes(started_at, ended_at) }} - {{ free }}, 0
    )
{%- endmacro %}

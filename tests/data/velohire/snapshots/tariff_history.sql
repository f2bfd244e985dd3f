{% snapshot tariff_history %}
{{ config(
    unique_key='tariff_code',
    strategy='check',
    check_cols=['unlock_cents', 'cents_per_minute', 'free_minutes'],
    updated_at="timestamp '" ~ var('first_day') ~ "'"
) }}
select * from {{ ref('stg_tariffs') }}
{% endsnapshot %}

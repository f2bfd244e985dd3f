{% snapshot ship_history %}
{{ config(
    target_schema=target.schema ~ '_history',
    unique_key='id',
    strategy='check',
    check_cols='all'
) }}
select id, name from {{ ref('dim_ships') }}
{% endsnapshot %}

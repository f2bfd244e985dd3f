{% snapshot customers_history %}{{ config(unique_key='id', strategy='check', check_cols='all', target_schema='history') }}select * from {{ ref('north', 'customers') }}{% endsnapshot %}

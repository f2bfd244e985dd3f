{% snapshot apple_history %}
{{ config(strategy='check', check_cols=['name'], target_schema='hist', tags=['in_sql'], invalidate_hard_deletes=true) }}
select * from {{ ref('apples') }}
{% endsnapshot %}
{% snapshot second_in_file %}
{{ config(strategy='timestamp', updated_at='at', target_schema='hist', enabled=(target.name == 'dev')) }}
select 1 as id, now() as at from {{ ref('fruit') }}
{% endsnapshot %}

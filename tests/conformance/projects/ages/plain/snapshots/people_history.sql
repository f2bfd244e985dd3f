{% snapshot people_history %}
{{ config(target_schema='history', unique_key='id', strategy='check', check_cols=['name', 'born']) }}
select * from {{ ref('stg_people') }}
{% endsnapshot %}

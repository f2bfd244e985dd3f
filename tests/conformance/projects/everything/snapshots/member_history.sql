{% snapshot member_history %}
{{ config(unique_key='member_id', strategy='check', check_cols=['name']) }}
select * from {{ ref('stg_members') }}
{% endsnapshot %}

{% snapshot book_history %}
{{ config(unique_key='book_id', strategy='timestamp', updated_at='bought_on', target_schema='kept') }}
select * from {{ ref('stg_books') }}
{% endsnapshot %}

{{ config(materialized='incremental', unique_key=['id','day'], tags='single_text', schema=none, pre_hook="select 1", post_hook=["{{ note(this) }}", {"sql": "select 2", "transaction": false}]) }}
select 1 as id from {{ source('barn', 'stored') }}
{% if is_incremental() %} where 1 = 1 {% endif %}

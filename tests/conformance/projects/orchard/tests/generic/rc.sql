{% test row_count_more(model, than) %}select 1 from {{ model }} having count(*) < {{ than }}{% endtest %}

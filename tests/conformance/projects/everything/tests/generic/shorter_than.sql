{% test shorter_than(model, column_name, length) %}
select * from {{ model }} where {{ measure_text(column_name) }} >= {{ length }}
{% endtest %}

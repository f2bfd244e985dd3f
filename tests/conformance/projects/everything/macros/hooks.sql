{% macro touch(relation) %}
select 'touched'
{% endmacro %}

{% macro log_run(when) %}
select '{{ when }}'
{% endmacro %}

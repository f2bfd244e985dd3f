{% macro measure_text(column) %}
length({{ column }})
{% endmacro %}

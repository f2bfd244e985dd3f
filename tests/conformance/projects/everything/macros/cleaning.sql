{% macro inner_clean(column) %}
trim({{ column }})
{% endmacro %}

{% macro outer_clean(column) %}
nullif({{ inner_clean(column) }}, '')
{% endmacro %}

{% macro unused_clean(column) %}
lower({{ column }})
{% endmacro %}

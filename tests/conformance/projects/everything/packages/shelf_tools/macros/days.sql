{% macro as_day(column) %}
cast({{ shelf_tools.as_moment(column) }} as date)
{% endmacro %}

{% macro as_moment(column) %}
cast({{ column }} as timestamp)
{% endmacro %}

{# The root project's own form of what the package dispatches. #}
{% macro default__shout(column) %}
upper({{ column }}) || '!'
{% endmacro %}

{% macro shout(column) %}
{{ return(adapter.dispatch('shout', 'wording')(column)) }}
{% endmacro %}

{% macro default__shout(column) %}
upper({{ column }})
{% endmacro %}

{% macro ripe(x) %}{{ adapter.dispatch('ripe', 'grove')(x) }}{% endmacro %}
{% macro default__ripe(x) %}({{ x }} > 0){% endmacro %}
{% test is_grown(model, column_name=none, arg='a') %}select 1 from {{ model }} where false{% endtest %}

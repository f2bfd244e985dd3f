{% macro wording() %}{{ shared.wording() }}{% endmacro %}

{% macro wording() %}upper('word'){% endmacro %}

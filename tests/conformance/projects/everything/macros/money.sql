{% macro cents_to_euros(column, digits=2) %}
round({{ column }} / 100.0, {{ digits }})
{% endmacro %}

{% macro add_vat(column) %}
{{ return(adapter.dispatch('add_vat', 'everything')(column)) }}
{% endmacro %}

{% macro default__add_vat(column) %}
({{ column }} * 1.19)
{% endmacro %}

{% macro duckdb__add_vat(column) %}
({{ cents_to_euros(column) }} * 1.07)
{% endmacro %}

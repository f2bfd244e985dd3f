{% macro generate_schema_name(custom_schema_name, node) %}
{{ return(schema_of(custom_schema_name)) }}
{% endmacro %}

{% macro schema_of(name) %}
{{ return(target.schema if name is none else target.schema ~ '_' ~ (name | trim)) }}
{% endmacro %}

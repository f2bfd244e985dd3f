{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
  {%- if custom_alias_name -%}{{ custom_alias_name | trim }}
  {%- elif node.version -%}{{ node.name ~ "__" ~ (node.version | replace(".", "_")) }}
  {%- else -%}{{ node.name | lower }}{%- endif -%}
{%- endmacro %}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {%- if custom_schema_name is none -%}{{ target.schema }}{%- else -%}{{ custom_schema_name ~ '_' ~ node.resource_type }}{%- endif -%}
{%- endmacro %}
{% macro note(what) %}select '{{ what }}'{% endmacro %}
{% macro grove__ripe(x) %}{{ inner_ripe(x) }}{% endmacro %}
{% macro inner_ripe(x) %}({{ x }} > {{ var('season') | length }}){% endmacro %}
{% macro unused_one() %}1{% endmacro %}

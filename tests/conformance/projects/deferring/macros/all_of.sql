{% macro all_of(name) %}select id from {{ ref(name) }}{% endmacro %}

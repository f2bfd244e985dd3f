{# Whether a moment falls on Saturday or Sunday. #}
{% macro is_weekend(moment) -%}
    dayofweek({{ moment }}) in (0, 6)
{%- endmacro %}

{% macro age_in(year, born) %}
  {{ clamp(year ~ ' - ' ~ born) }}
{% endmacro %}

{% macro clamp(expression) %}
  least({{ expression }}, {{ var('oldest') }})
{% endmacro %}

{% macro note_run() %}
  select 1
{% endmacro %}

{% macro never_used() %}
  select 'never'
{% endmacro %}

{% test not_older_than(model, column_name, most) %}
  select * from {{ model }} where {{ column_name }} > {{ most }}
{% endtest %}

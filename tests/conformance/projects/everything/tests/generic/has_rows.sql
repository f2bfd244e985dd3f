{% test has_rows(model) %}
{{ config(severity='warn') }}
select 1 where not exists (select 1 from {{ model }})
{% endtest %}

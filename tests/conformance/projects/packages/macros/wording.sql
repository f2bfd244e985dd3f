{% macro wording() %}'atlas'{% endmacro %}

-- depends_on: {{ ref('fct_dues') }}
select l.id from {{ ref('ship_list') }} l join {{ ref('port_report') }} r on r.id = l.id

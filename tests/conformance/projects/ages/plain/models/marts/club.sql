{{ config(alias='The Club', schema='bi', persist_docs={'relation': true, 'columns': true}) }}
select a.id, a.age, c.visits, k.code
from {{ ref('ages', 'person_ages') }} as a
left join {{ ref('visit_counts') }} as c on c.person_id = a.id
cross join {{ ref('countries') }} as k

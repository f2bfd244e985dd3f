{{ config(materialized='incremental', unique_key='person_id') }}
select v.person_id, count(*) as visits
from {{ ref('stg_visits') }} as v
join {{ ref('eph_members') }} as m on m.id = v.person_id
{% if is_incremental() %}
where v.person_id > 0
{% endif %}
group by v.person_id

select cast(p.id as integer) as id, cast(p.name as varchar) as label
from {{ ref('dim_person', v=1) }} as old
join {{ ref('dim_person') }} as p on p.id = old.id

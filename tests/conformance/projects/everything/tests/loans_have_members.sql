select * from {{ ref('fct_loans') }} as l
left join {{ ref('stg_members') }} as m using (member_id)
where {{ outer_clean('m.name') }} is null

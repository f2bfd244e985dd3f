select d.id from {{ ref('fct_dues') }} d left join {{ ref('fct_calls') }} c on c.id = d.id where c.id is null and d.id < 0

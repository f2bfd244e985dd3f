select a.id from {{ ref('on_watch') }} a
join {{ ref('pilots', 'on_watch') }} b on a.id = b.id
join {{ ref('harbour', 'stg_ships') }} c on c.id = a.id

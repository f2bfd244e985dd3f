select shelf, {{ as_day('moved_at') }} as moved_on from {{ ref('shelf_list') }}

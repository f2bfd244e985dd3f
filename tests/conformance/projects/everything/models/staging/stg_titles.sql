select * from {{ source('feeds', 'titles') }}
where year >= {{ var('first_year') }}

select 1 as day from {{ ref('countries_of_all') }}

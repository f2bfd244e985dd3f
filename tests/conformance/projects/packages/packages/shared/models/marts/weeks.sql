select 1 as day from {{ ref('calendar') }}

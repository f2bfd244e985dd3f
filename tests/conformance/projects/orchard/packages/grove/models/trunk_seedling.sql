select id from {{ ref('apples_of_grove') }}

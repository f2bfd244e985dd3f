select id from {{ ref('fruit') }}

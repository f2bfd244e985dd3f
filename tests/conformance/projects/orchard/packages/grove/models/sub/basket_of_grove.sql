select id from {{ ref('branch') }}

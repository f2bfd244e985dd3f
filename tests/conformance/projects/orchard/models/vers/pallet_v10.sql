select id from {{ ref('box') }}

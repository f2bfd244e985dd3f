select id from {{ ref('on_watch') }}

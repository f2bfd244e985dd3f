select id from {{ ref('crate') }}

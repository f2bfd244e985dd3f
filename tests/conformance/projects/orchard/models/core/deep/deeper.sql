select id from {{ ref('secret') }} union all select id from {{ ref('crate', v=1) }}

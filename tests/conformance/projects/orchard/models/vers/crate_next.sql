select id, 1 as kind from {{ ref('crate', version=2) }}

select id from {{ ref('once_off') }}

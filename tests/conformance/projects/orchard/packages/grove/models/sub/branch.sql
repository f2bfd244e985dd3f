select id from {{ ref('trunk') }}

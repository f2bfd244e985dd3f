select id, name, born from {{ ref('people') }}

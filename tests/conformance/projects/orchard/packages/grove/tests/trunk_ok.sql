select 1 from {{ ref('trunk') }} where false

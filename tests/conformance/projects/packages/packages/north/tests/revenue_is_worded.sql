select 1 from {{ ref('revenue') }} where word is null

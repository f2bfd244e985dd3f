select 1 from {{ source('barn', 'picked') }} where {{ grove.ripe(1) }} and false

select id, kind from {{ source('barn', 'picked') }} where {{ grove.ripe('id') }}

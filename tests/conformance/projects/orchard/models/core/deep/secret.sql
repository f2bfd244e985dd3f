select id from {{ ref('basket') }} where {{ inner_ripe(1) }}

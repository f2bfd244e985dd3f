select id from {{ ref('apples_of_grove') }} where {{ grove.ripe('id') }} and {{ var('depth') }} > 0

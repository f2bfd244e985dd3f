select id from {{ ref('weedy') }} where '{{ var('season') }}' = 'x'

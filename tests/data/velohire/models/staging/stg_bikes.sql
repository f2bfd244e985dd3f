select
    bike_id,
    kind,
    frame_number,
    cast(bought_on as date) as bought_on,
    {{ to_euros('price_cents') }} as price,
    status = 'retired' as is_retired,
    cast(updated_at as timestamp) as updated_at
from {{ ref('raw_bikes') }}

select
    rider_id,
    split_part(full_name, ', ', 2) as first_name,
    split_part(full_name, ', ', 1) as last_name,
    nullif(email, '') as email,
    tariff_code,
    cast(joined_on as date) as joined_on,
    cast(newsletter as boolean) as wants_newsletter,
    cast(updated_at as timestamp) as updated_at
from {{ ref('raw_riders') }}

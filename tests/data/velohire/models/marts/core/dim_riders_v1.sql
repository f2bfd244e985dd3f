select
    rider_id,
    first_name || ' ' || last_name as full_name,
    email,
    tariff_code,
    joined_on
from {{ ref('stg_riders') }}

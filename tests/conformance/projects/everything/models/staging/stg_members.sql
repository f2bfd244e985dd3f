{{ config(tags=['people'], alias='members_clean') }}

select member_id, {{ outer_clean('name') }} as name, joined_on
from {{ source('branch', 'members') }}

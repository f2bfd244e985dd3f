select * from {{ source('barn', 'grove_own') }}

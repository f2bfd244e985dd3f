select * from {{ ref('basket') }}

select 1 from {{ ref('north') }}, {{ ref('south', 'orders') }}

select 1 as id from {{ ref('north', 'customers') }}, {{ ref('south', 'customers') }}

select 1 as id from {{ ref('customers') }}, {{ ref('north', 'revenue') }}, {{ ref('south', 'revenue') }}

select {{ north.wording() }} as word from {{ ref('orders') }}, {{ ref('customers') }}, {{ ref('shared', 'calendar') }}

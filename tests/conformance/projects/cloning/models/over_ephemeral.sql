select * from {{ ref('orders_ephemeral') }}

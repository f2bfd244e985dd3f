select * from {{ ref('orders_table') }}

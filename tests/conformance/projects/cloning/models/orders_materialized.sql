{{ config(
    materialized='materialized_view' if target.type == 'postgres' else 'view'
) }}
select customer, sum(amount) as amount
from {{ ref('orders_table') }}
group by customer

select 1 as id, 1 as customer_id from {{ source('crm', 'orders') }}

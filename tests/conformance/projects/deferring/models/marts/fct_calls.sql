{{ config(materialized='incremental', unique_key='id') }}
select c.id, f.fee
from {{ ref('stg_calls') }} c join {{ ref('eph_fees') }} f on f.id = c.id
{% if is_incremental() %}
where c.id > (select max(id) from {{ this }})
{% endif %}

{{ config(tags=['ages', 'daily'], meta={'owner': 'Zoë'}) }}
select
  id,
  name,
  {{ age_in(2026, 'born') }} as age
from {{ ref('stg_people') }}

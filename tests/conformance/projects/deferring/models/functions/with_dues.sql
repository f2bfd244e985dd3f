{{ config(materialized='table') }}
select id, {{ function('dues_of') }}(id) as due, {{ function('dues_with_tax') }}(id) as with_tax
from {{ ref('raw_berths') }}

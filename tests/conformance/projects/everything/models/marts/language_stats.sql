{{ config(database=target.database, schema='stats') }}
select b.language, count(*) as books, {{ function('add_tax') }}(count(*)) as taxed
from {{ ref('stg_books') }} as b
join {{ ref('languages') }} as l on l.code = b.language
group by 1

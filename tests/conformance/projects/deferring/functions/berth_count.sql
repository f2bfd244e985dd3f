amount + (select count(*) from {{ ref('stg_berths') }})

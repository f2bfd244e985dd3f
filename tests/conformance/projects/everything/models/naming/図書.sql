select * from {{ ref('größen_übersicht') }}

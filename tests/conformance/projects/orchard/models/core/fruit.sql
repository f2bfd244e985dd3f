select cast(id as integer) as id, cast(kind as varchar(10)) as kind from {{ ref('inn_picked') }} where 1 = (select count(*) from {{ source('barn', 'stored') }})

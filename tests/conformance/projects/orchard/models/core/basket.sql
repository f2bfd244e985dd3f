{{ config(group='packers', materialized='view', alias='Basket') }} select f.id from {{ ref('fruit') }} f join {{ ref('eph') }} e using (id) join {{ ref('inn_stored') }} using (id)

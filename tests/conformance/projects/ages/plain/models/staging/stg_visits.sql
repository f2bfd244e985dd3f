{{ config(materialized='view', alias='visits') }}
select id, person_id, day from {{ source('club', 'visits') }}

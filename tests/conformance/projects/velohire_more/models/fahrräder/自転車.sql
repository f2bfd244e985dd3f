{{ config(tags=['größe', '自転車'], materialized='view') }}
select * from {{ ref('überfällige_fahrräder') }}

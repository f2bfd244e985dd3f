{{ config(enabled=false, materialized='table', contract={'enforced': true}) }}
select 1 as card

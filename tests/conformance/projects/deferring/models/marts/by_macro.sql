{{ config(materialized='view') }}
{{ all_of('stg_berths') }}

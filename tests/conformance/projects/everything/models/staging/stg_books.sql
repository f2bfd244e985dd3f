{{ config(
    materialized='table',
    meta={'reviewed': true, 'rank': 1},
    grants={'select': ['readers']},
) }}

select book_id, title, language, {{ wording.shout('title') }} as loud_title
from {{ source('branch', 'books') }}

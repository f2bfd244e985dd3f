select book_id, title, language from {{ ref('stg_books') }}

select book_id, 'groß' as größe from {{ ref('stg_books') }}

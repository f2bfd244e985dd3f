{{ config(tags=['w']) }} select id from {{ ref('weedy') }}

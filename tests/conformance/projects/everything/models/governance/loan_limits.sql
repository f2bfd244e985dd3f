select member_id, 10 as most from {{ ref('dim_reader', v=1) }}

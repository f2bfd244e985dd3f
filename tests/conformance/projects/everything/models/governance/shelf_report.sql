select shelf from {{ ref('shelf_tools', 'shelf_plan') }}

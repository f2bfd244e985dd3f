select * from {{ source('market stall', 'odd.name') }}

select {{ function('double_it') }}(id) as id from {{ ref('apples') }}

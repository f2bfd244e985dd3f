select id, {{ function('double') }}(age) as twice from {{ ref('person_ages') }}

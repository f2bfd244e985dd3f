select max(age) from {{ ref('person_ages') }}

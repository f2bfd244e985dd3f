select * from {{ ref('person_ages') }} where age < 0

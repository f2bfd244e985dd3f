def model(dbt, session):
    dbt.config(materialized="table", tags=["python"])
    people = dbt.ref("person_ages")
    visits = dbt.source("club", "visits")
    return people.limit(1) if visits else people

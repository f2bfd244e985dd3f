def model(dbt, session):
    dbt.config(materialized="table", packages=["numpy"], tags=["science"])
    loans = dbt.ref("fct_loans")
    factor = dbt.config.get("factor")
    return loans

def model(dbt, session):
    dbt.config(materialized="table", tags=["py"], meta={"lang": "python"})
    return dbt.ref("fruit")

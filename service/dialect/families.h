// The dialects, one function for each adapter type of dbt, by family.
#ifndef DOPPEL_SERVICE_DIALECT_FAMILIES_H_
#define DOPPEL_SERVICE_DIALECT_FAMILIES_H_

#include "service/dialect/dialect.h"

namespace doppel::dialect {

const Dialect& DuckDb();      // duckdb.cc
const Dialect& Postgres();    // postgres.cc
const Dialect& Redshift();    // postgres.cc
const Dialect& Snowflake();   // snowflake.cc
const Dialect& BigQuery();    // bigquery.cc
const Dialect& Databricks();  // delta.cc
const Dialect& Spark();       // delta.cc
const Dialect& Fabric();      // tsql.cc
const Dialect& SqlServer();   // tsql.cc
const Dialect& ClickHouse();  // clickhouse.cc
const Dialect& Trino();       // trino.cc
const Dialect& Athena();      // trino.cc

}  // namespace doppel::dialect

#endif  // DOPPEL_SERVICE_DIALECT_FAMILIES_H_

#include "tests/faults/engine.h"

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/status_macros.h"
#include "service/warehouse/clickhouse/clickhouse_warehouse.h"
#include "service/warehouse/clickhouse/credentials.h"
#include "service/warehouse/duckdb/credentials.h"
#include "service/warehouse/duckdb/duckdb_warehouse.h"
#include "service/warehouse/postgres/credentials.h"
#include "service/warehouse/postgres/postgres_warehouse.h"
#include "service/warehouse/spark_connect/spark_warehouse.h"
#include "service/warehouse/warehouse.h"
#include "tests/support/postgres_server.h"
#include "tests/support/spark_server.h"

namespace doppel::faults {
namespace {

using warehouse::Warehouse;

// The place is the file.
absl::StatusOr<std::shared_ptr<Warehouse>> OpenDuckDbFile(
    const std::string& place) {
  warehouse::duckdb::Credentials credentials;
  credentials.path = place;
  credentials.database = "shop";
  warehouse::duckdb::DuckDbOptions options;
  options.driver_dir = testing::kDriverDir;
  return warehouse::duckdb::OpenDuckDb(credentials, options);
}

Engine DuckDb() {
  Engine engine;
  engine.name = "DuckDb";
  engine.adapter = "duckdb";
  engine.make = [](const std::string& folder) -> absl::StatusOr<std::string> {
    return absl::StrCat(folder, "/shop.duckdb");
  };
  engine.open = &OpenDuckDbFile;
  return engine;
}

// The place is "<folder of the socket>|<database>".
absl::StatusOr<std::shared_ptr<Warehouse>> OpenPostgresDatabase(
    const std::string& place) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(place, '|');
  warehouse::postgres::Credentials credentials;
  credentials.database = parts.second;
  credentials.parameters = {{"host", parts.first},
                            {"user", "doppel"},
                            {"dbname", parts.second},
                            {"options", "-c client_min_messages=warning"}};
  return warehouse::postgres::OpenPostgres(credentials, testing::kDriverDir);
}

Engine Postgres() {
  Engine engine;
  engine.name = "Postgres";
  engine.adapter = "postgres";
  engine.make = [](const std::string&) -> absl::StatusOr<std::string> {
    DOPPEL_ASSIGN_OR_RETURN(const std::string database,
                            testing::NewPostgresDatabase());
    DOPPEL_ASSIGN_OR_RETURN(const std::string host, testing::PostgresHost());
    return absl::StrCat(host, "|", database);
  };
  engine.open = &OpenPostgresDatabase;
  engine.tell_of_rows = "select pg_stat_force_next_flush()";
  engine.slow = {
      "create table prod.slowly as select 600 as seconds",
      "create table old.slow as select n from prod.t1, "
      "(select pg_sleep(seconds) from prod.slowly) as waited",
      "update prod.slowly set seconds = 0",
      "select count(*) from pg_stat_activity where state = 'active' and "
      "query like 'create table old.slow%' and datname = current_database()"};
  return engine;
}

// The place is the folder, which one process has open at a time.
absl::StatusOr<std::shared_ptr<Warehouse>> OpenChdbFolder(
    const std::string& place) {
  warehouse::clickhouse::Credentials credentials;
  credentials.path = place;
  credentials.keep_open = absl::ZeroDuration();
  warehouse::clickhouse::ClickHouseOptions options;
  options.driver_dir = testing::kDriverDir;
  return warehouse::clickhouse::OpenClickHouse(credentials, options);
}

Engine Chdb() {
  Engine engine;
  engine.name = "Chdb";
  engine.adapter = "clickhouse";
  engine.make = [](const std::string& folder) -> absl::StatusOr<std::string> {
    return absl::StrCat(folder, "/chdb");
  };
  engine.open = &OpenChdbFolder;
  engine.has_transactions = false;
  engine.schema_word = "database";
  engine.table_clause = "engine = MergeTree order by tuple()";
  engine.missing = [] {
    warehouse::clickhouse::ClickHouseOptions options;
    options.driver_dir = testing::kDriverDir;
    return std::string(warehouse::clickhouse::CheckDriver(options).message());
  };
  return engine;
}

// The place is the server's address; the server is emptied for each test.
absl::StatusOr<std::shared_ptr<Warehouse>> OpenSparkServer(
    const std::string& place) {
  return warehouse::spark_connect::OpenSpark(testing::SparkAt(place));
}

Engine Spark() {
  Engine engine;
  engine.name = "Spark";
  engine.adapter = "spark";
  engine.make = [](const std::string&) -> absl::StatusOr<std::string> {
    DOPPEL_RETURN_IF_ERROR(testing::EmptySpark().status());
    DOPPEL_ASSIGN_OR_RETURN(const auto credentials,
                            testing::SparkCredentials());
    return credentials.address;
  };
  engine.open = &OpenSparkServer;
  engine.has_transactions = false;
  engine.table_clause = "using delta";
  engine.is_slow = true;
  // A second for each row, about; the property is that of the server's process.
  engine.slow = {
      "create table prod.slowly using delta as "
      "select id from range(0, 6, 1, 1)",
      "create or replace table old.slow using delta as select * from prod.t1 "
      "cross join (select max(said) as said, max(v) as v from (select "
      "reflect('java.lang.System', 'setProperty', 'doppel.slow', '1') as said, "
      "aggregate(sequence(1, 2000000 + int(id)), 0L, (a, x) -> a + x) as v "
      "from prod.slowly)) as waited",
      "delete from prod.slowly",
      "select if(reflect('java.lang.System', 'getProperty', 'doppel.slow') = "
      "'1', '1', '0')",
      "describe history old.slow",
      "0",
      absl::Seconds(25)};
  engine.missing = &testing::SparkMissing;
  return engine;
}

}  // namespace

const std::vector<Engine>& Engines() {
  static const auto* const kEngines =
      new std::vector<Engine>{DuckDb(), Postgres(), Chdb(), Spark()};
  return *kEngines;
}

const Engine& FindEngine(absl::string_view name) {
  for (const Engine& engine : Engines()) {
    if (engine.name == name) return engine;
  }
  std::abort();
}

}  // namespace doppel::faults

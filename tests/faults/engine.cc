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
#include "service/base/status_macros.h"
#include "service/warehouse/duckdb/credentials.h"
#include "service/warehouse/duckdb/duckdb_warehouse.h"
#include "service/warehouse/postgres/credentials.h"
#include "service/warehouse/postgres/postgres_warehouse.h"
#include "service/warehouse/warehouse.h"
#include "tests/support/postgres_server.h"

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
  engine.tell_of_rows = "select 1";
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
  return engine;
}

}  // namespace

const std::vector<Engine>& Engines() {
  static const auto* const kEngines =
      new std::vector<Engine>{DuckDb(), Postgres()};
  return *kEngines;
}

const Engine& FindEngine(absl::string_view name) {
  for (const Engine& engine : Engines()) {
    if (engine.name == name) return engine;
  }
  std::abort();
}

}  // namespace doppel::faults

// The engines that plans are executed on while something breaks. A new one is
// one more line in Engines().
//
// Thread contract: used by one thread.
#ifndef DOPPEL_TESTS_FAULTS_ENGINE_H_
#define DOPPEL_TESTS_FAULTS_ENGINE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/warehouse.h"

namespace doppel::faults {

struct Engine {
  std::string name;
  std::string adapter;  // dbt's word for it
  // A new, empty database, as text that another process can be told. `folder`
  // is a place for its files.
  std::function<absl::StatusOr<std::string>(const std::string& folder)> make;
  // The database of make().
  std::function<absl::StatusOr<std::shared_ptr<warehouse::Warehouse>>(
      const std::string& place)>
      open;
  // Sent after what changes rows, so that everybody can see it at once.
  std::string tell_of_rows = "select 1";
  // Else each operation is one statement, and the engine may go on with it when
  // whoever sent it has died.
  bool has_transactions = true;
  // What it calls a schema, and what CREATE TABLE needs to be told.
  std::string schema_word = "schema";
  std::string table_clause;
  // A statement takes seconds: few faults are tried.
  bool is_slow = false;
  // Why it cannot be tested here; "" where it can.
  std::function<std::string()> missing = [] { return std::string(); };
};

// DuckDB, PostgreSQL, ClickHouse (chDB), and Spark with Delta Lake.
const std::vector<Engine>& Engines();

// The one of that name, which is there.
const Engine& FindEngine(absl::string_view name);

}  // namespace doppel::faults

#endif  // DOPPEL_TESTS_FAULTS_ENGINE_H_

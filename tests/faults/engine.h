// The engines that plans are executed on while something breaks. A new one is
// one more line in Engines().
//
// Thread contract: used by one thread.
#ifndef DOPPEL_TESTS_FAULTS_ENGINE_H_
#define DOPPEL_TESTS_FAULTS_ENGINE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/warehouse/warehouse.h"

namespace doppel::faults {

// A statement that makes old.slow from prod.t1, and takes long.
struct SlowStatement {
  std::string before;  // is sent before all
  std::string statement;
  std::string hurry;  // from then on it takes no time, if it is sent again
  // A query with one value: "0" where none is under way.
  std::string under_way;
  // Where that only tells that one was: a query whose values tell how often
  // old.slow was made, what they are where that was once, and how long the
  // slow one would have gone on.
  std::string effects = "";
  std::string one_effect = "";
  absl::Duration lasts = absl::ZeroDuration();
};

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
  // A statement takes seconds.
  bool is_slow = false;
  // One that goes on when whoever sent it has died, if there is such.
  std::optional<SlowStatement> slow = std::nullopt;
  // Why it cannot be tested here; "" where it can.
  std::function<std::string()> missing = [] { return std::string(); };
};

// DuckDB, PostgreSQL, ClickHouse (chDB), and Spark with Delta Lake.
const std::vector<Engine>& Engines();

// The one of that name, which is there.
const Engine& FindEngine(absl::string_view name);

}  // namespace doppel::faults

#endif  // DOPPEL_TESTS_FAULTS_ENGINE_H_

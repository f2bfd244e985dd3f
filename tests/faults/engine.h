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
  std::string tell_of_rows;
};

// DuckDB and PostgreSQL.
const std::vector<Engine>& Engines();

// The one of that name, which is there.
const Engine& FindEngine(absl::string_view name);

}  // namespace doppel::faults

#endif  // DOPPEL_TESTS_FAULTS_ENGINE_H_

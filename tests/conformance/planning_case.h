// The oracle's cases of `dbt ... --defer` and `dbt clone`: what was in the
// warehouse, what was selected, and what dbt did.
#ifndef DOPPEL_TESTS_CONFORMANCE_PLANNING_CASE_H_
#define DOPPEL_TESTS_CONFORMANCE_PLANNING_CASE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/manifest/manifest.h"

namespace doppel::conformance {

struct PlanningCase {
  std::string case_id;
  std::string adapter;
  std::vector<std::string> args;
  std::string setup;
  bool rejected = false;  // dbt gave up before any node
  std::shared_ptr<const manifest::Manifest> current;
  std::shared_ptr<const manifest::Manifest> state;  // nullptr: none
  std::vector<CatalogEntry> existing;
  std::vector<manifest::NodeId> selected;  // of `current`, ascending

  // The dbt that answered; "" for the one that wrote `current`.
  std::string dbt_version;

  // Deferral: for each compiled node, whom it reads -> the relation as dbt
  // rendered it. `refs` has every node that was compiled; the others, those
  // with some hook (of a node that was run), foreign key or fixture.
  using Reads = std::map<std::string, std::map<std::string, std::string>>;
  Reads refs;
  Reads hooks;
  Reads foreign_keys;
  Reads fixtures;

  // Clone: unique id -> status and message; and the statements, each with the
  // unique id that it was for ("" for schemas), in their order.
  std::map<std::string, std::pair<std::string, std::string>> results;
  std::vector<std::pair<std::string, std::string>> sql;

  bool HasArgument(absl::string_view arg) const;
};

// The cases of cases/<name>.jsonl.gz.
absl::StatusOr<std::vector<PlanningCase>> ReadPlanningCases(
    absl::string_view folder, absl::string_view name);

}  // namespace doppel::conformance

#endif  // DOPPEL_TESTS_CONFORMANCE_PLANNING_CASE_H_

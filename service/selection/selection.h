// dbt's node selection: text and a graph -> the set of selected nodes.
//
// The rules are those of the dbt that the request names, 1.7 to 1.12
// (graph/selector.py, selector_methods.py, selector_spec.py, cli.py).
//
// Thread contract: Select is a pure function, safe from any thread.
#ifndef DOPPEL_SERVICE_SELECTION_SELECTION_H_
#define DOPPEL_SERVICE_SELECTION_SELECTION_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"
#include "service/state/comparison.h"

namespace doppel::selection {

enum class IndirectSelection : uint8_t {
  kEager,
  kCautious,
  kBuildable,
  kEmpty
};

// What dbt takes on its command line.
struct SelectionRequest {
  // Each entry as one value of --select / --exclude: pieces separated by
  // spaces are united, parts separated by commas intersected.
  std::vector<std::string> select;
  std::vector<std::string> exclude;
  // --selector: a YAML selector of the current manifest; select and exclude
  // are then ignored, with a warning (as dbt 1.12 does).
  std::string selector;
  IndirectSelection indirect_selection = IndirectSelection::kEager;
  // Resource types to keep, by dbt's words, "all" and "default" included.
  // Empty: what `dbt ls` keeps by default.
  std::vector<std::string> resource_types;
  // Those to leave out; here dbt takes neither "all" nor "default".
  std::vector<std::string> exclude_resource_types;
  // `dbt ls` keeps nodes with a blank body (external models), commands that
  // run nodes drop them.
  bool keep_empty_nodes = true;
  // Whether the manifest's default YAML selector applies where nothing is
  // given, as in dbt.
  bool use_default_selector = true;
  // The dbt whose answer is wanted, "1.8" or "1.8.10"; "": the newest.
  std::string dbt_version;
};

// unique id -> status of a run_results.json, for `result:`; and whose results
// they are, for gates: ISO 8601 and a UUID, "" where it does not say.
struct RunResults {
  std::string generated_at;
  std::string invocation_id;
  std::multimap<std::string, std::string> statuses;
  // What those took that succeeded; unique id -> seconds.
  std::map<std::string, double> seconds = {};
};
// What source_status:fresher needs: unique id -> max_loaded_at (ISO 8601) of
// the older and the current sources.json; entries with runtime errors left out.
struct SourceFreshness {
  std::map<std::string, std::string> older;
  std::map<std::string, std::string> current;
};

// What the methods look at beside the current manifest. All but `current` may
// be nullptr; a method that needs a missing one rejects the selection.
struct SelectionInputs {
  const manifest::Manifest* current = nullptr;
  const state::StateComparison* state = nullptr;
  const RunResults* run_results = nullptr;
  const SourceFreshness* source_freshness = nullptr;
};

struct SelectionResult {
  // Ascending, so in the order in which `dbt ls` prints.
  std::vector<manifest::NodeId> nodes;
  // dbt's warnings: NoNodesForSelectionCriteria, NoNodesSelected, seeds'
  // and contracts'.
  std::vector<state::Warning> warnings;
};

// Errors, each naming the field, the column and what was expected there:
//   INVALID_ARGUMENT SELECTION_SYNTAX, SELECTION_UNKNOWN_METHOD,
//     SELECTION_INVALID_VALUE, SELECTOR_INVALID
//   NOT_FOUND SELECTOR_NOT_FOUND
//   FAILED_PRECONDITION STATE_MANIFEST_REQUIRED, RUN_RESULTS_REQUIRED,
//     SOURCE_FRESHNESS_REQUIRED, CONTRACT_BROKEN
absl::StatusOr<SelectionResult> Select(const SelectionRequest& request,
                                       const SelectionInputs& inputs);

}  // namespace doppel::selection

#endif  // DOPPEL_SERVICE_SELECTION_SELECTION_H_

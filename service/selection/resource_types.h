// Which resource types a selection keeps, and which a dbt command runs.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_SELECTION_RESOURCE_TYPES_H_
#define DOPPEL_SERVICE_SELECTION_RESOURCE_TYPES_H_

#include <bitset>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/manifest/node.h"
#include "service/selection/selection.h"

namespace doppel::selection {

using ResourceTypes = std::bitset<32>;  // by the enum's value

// What stays of the selected nodes in the end: nodes of some types and, unless
// empty ones are kept, those that have something to run.
struct KeptNodes {
  ResourceTypes types;
  bool keep_empty = true;

  bool Has(const manifest::Node& node) const;
};

// What --resource-type and --exclude-resource-type keep. INVALID_ARGUMENT
// SELECTION_INVALID_VALUE for a word that is no resource type.
absl::StatusOr<KeptNodes> KeptNodesOf(const SelectionRequest& request);

// The types that a dbt command keeps: ls, run, build, test, seed, snapshot,
// compile, clone. All types for any other word.
std::vector<manifest::ResourceType> CommandResourceTypes(
    absl::string_view command);

}  // namespace doppel::selection

#endif  // DOPPEL_SERVICE_SELECTION_RESOURCE_TYPES_H_

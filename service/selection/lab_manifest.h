// The small project of this room's tests, and what a selection of it finds.
//
// jaffle has seeds, staging, marts (a versioned model, an ephemeral one), a
// snapshot, a source, data tests, a unit test and an exposure. What dbt 1.12.6
// selects of it was seen by running it.
#ifndef DOPPEL_SERVICE_SELECTION_LAB_MANIFEST_H_
#define DOPPEL_SERVICE_SELECTION_LAB_MANIFEST_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"
#include "service/selection/selection.h"

namespace doppel::selection {

// The project, with the JSON text of its YAML selectors.
std::shared_ptr<const manifest::Manifest> LabManifest(
    absl::string_view selectors = "{}");

// A manifest of such members of the top level; a failed test and nullptr for
// text that cannot be read.
std::shared_ptr<const manifest::Manifest> MustParse(const std::string& members);

// The selected nodes by what follows the package in their unique ids, joined
// by spaces; the status' message for a selection that was rejected.
std::string Selected(const SelectionRequest& request,
                     const SelectionInputs& inputs);
std::string Selected(const SelectionRequest& request,
                     const manifest::Manifest& manifest);

// A request for that much of --select.
SelectionRequest Selecting(absl::string_view select);

}  // namespace doppel::selection

#endif  // DOPPEL_SERVICE_SELECTION_LAB_MANIFEST_H_

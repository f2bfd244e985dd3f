// A small project's manifest for this room's tests: one of everything.
#ifndef DOPPEL_SERVICE_STATE_TEST_MANIFEST_H_
#define DOPPEL_SERVICE_STATE_TEST_MANIFEST_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"
#include "service/state/comparison.h"

namespace doppel::state {

// Texts to replace, each of which the JSON must hold exactly once.
using Edits = std::vector<std::pair<std::string, std::string>>;

// The project's manifest.json, of dbt 1.12.6.
absl::string_view TestManifestJson();

// The graph of that JSON after the edits. Fails the running test where an edit
// does not apply or the JSON does not parse.
std::shared_ptr<const manifest::Manifest> TestManifest(const Edits& edits = {});

// The project after `older` compared with the project after `current`.
std::shared_ptr<const StateComparison> Compare(
    const Edits& older, const Edits& current,
    const CompareOptions& options = {});

// The current manifest's node of that unique id; fails the running test where
// there is none.
manifest::NodeId IdOf(const StateComparison& comparison,
                      absl::string_view unique_id);

using Texts = std::vector<std::string>;

// Each cause as "kind subject via path: detail".
Texts CausesOf(const StateComparison& comparison, manifest::NodeId id);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_TEST_MANIFEST_H_

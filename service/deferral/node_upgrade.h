// A node's JSON object in the form of schema version 12.
//
// dbt upgrades a state manifest by the version in its head; a node of an older
// manifest that is put under a v12 head must have been upgraded before. The
// rules are those of dbt 1.12's contracts/graph/manifest_upgrade.py, but that
// seeds and dict refs lose nothing.
#ifndef DOPPEL_SERVICE_DEFERRAL_NODE_UPGRADE_H_
#define DOPPEL_SERVICE_DEFERRAL_NODE_UPGRADE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/manifest/node.h"

namespace doppel::deferral {

// Appends the upgraded form of `object`, a node of that type in a manifest of
// schema version 1 to 11. MANIFEST_BROKEN where it is no JSON object.
absl::Status AppendUpgradedNode(absl::string_view object,
                                manifest::ResourceType type, std::string* out);

}  // namespace doppel::deferral

#endif  // DOPPEL_SERVICE_DEFERRAL_NODE_UPGRADE_H_

// All manifests of the oracle, for tests that look at each of them.
#ifndef DOPPEL_TESTS_CONFORMANCE_ORACLE_MANIFESTS_H_
#define DOPPEL_TESTS_CONFORMANCE_ORACLE_MANIFESTS_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace doppel::conformance {

// Calls `look` with the key and the bytes of every manifest of the folder,
// packed ones first, each kind sorted by key. Errors: a manifest cannot be
// read.
absl::Status ForEachManifest(
    const std::string& folder,
    const std::function<void(absl::string_view key, absl::string_view bytes)>&
        look);

// Whether the oracle has a text of that key that is no manifest that doppel
// reads, on purpose.
bool IsBrokenOnPurpose(absl::string_view key);

}  // namespace doppel::conformance

#endif  // DOPPEL_TESTS_CONFORMANCE_ORACLE_MANIFESTS_H_

// Whether dbt would take a manifest as state at all.
//
// dbt 1.0 and later refuse a state of schema version v1 to v3 and of one newer
// than their own; before, of any but their own (IncompatibleSchemaError,
// contracts/util.py and WritableManifest.compatible_previous_versions). doppel
// reads them all, and says so.
//
// Thread contract: a pure function.
#ifndef DOPPEL_SERVICE_STATE_STATE_VERSION_H_
#define DOPPEL_SERVICE_STATE_STATE_VERSION_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"
#include "service/state/cause.h"

namespace doppel::state {

// A warning "StateVersionRefusedByDbt" where the dbt of that version ("1.8";
// "": the newest) refuses `state`.
std::optional<Warning> StateVersionWarning(const manifest::Manifest& state,
                                           absl::string_view dbt_version);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_STATE_VERSION_H_

// The manifest.json of a state directory for `dbt build --defer --state DIR`
// (or
// --defer-state DIR): one manifest that has, for each node, the object of the
// first source that may serve it, so that an unmodified dbt defers to several
// environments at once.
//
// The first source's manifest is the base: its bytes are kept, but for the
// nodes and functions that another source serves (that source's own bytes),
// those that none may serve (left out, or dbt would defer to them) and the maps
// of parents and children. dbt 1.8 and later read it.
//
// Thread contract: a pure function.
#ifndef DOPPEL_SERVICE_DEFERRAL_STATE_MANIFEST_H_
#define DOPPEL_SERVICE_DEFERRAL_STATE_MANIFEST_H_

#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "service/deferral/source.h"

namespace doppel::deferral {

// Where the base is of a schema version that dbt does not read as a state (v1
// to v3), the answer is a v12 manifest with the nodes and nothing else.
//
// Errors: INVALID_ARGUMENT INVALID_ARGUMENT without any source, MANIFEST_BROKEN
// for a node that is no object of JSON.
absl::StatusOr<std::string> SpliceStateManifest(
    std::span<const DeferSource> sources);

}  // namespace doppel::deferral

#endif  // DOPPEL_SERVICE_DEFERRAL_STATE_MANIFEST_H_

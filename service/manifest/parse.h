// Reads the bytes of a manifest.json into the graph, in one walk.
//
// Every schema version from v1 to v12 is read by the same rules: each field is
// optional, unknown ones are ignored, and what changed its name or shape is
// brought to today's (raw_sql -> raw_code, list refs, a `disabled` list), as
// dbt 1.8+ does in dbt/contracts/graph/manifest_upgrade.py. Two rules of that
// upgrade are not followed where they only lose information: python models keep
// their language, and seeds of v8 to v11 keep their relation_name.
#ifndef DOPPEL_SERVICE_MANIFEST_PARSE_H_
#define DOPPEL_SERVICE_MANIFEST_PARSE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "service/manifest/manifest.h"
#include "service/manifest/parse_options.h"
#include "service/manifest/text.h"

namespace doppel::manifest {

// The graph of those bytes. `digest` is their SHA-256, which the caller has
// checked. `base`, where there is one, is another manifest of the project that
// was read with the same options: the graph is the same, quicker the more of
// the bytes stand there, too, and keeps the base alive.
//
// Errors, each naming the place (line and column, or the JSON path, and what
// was expected there):
//   INVALID_ARGUMENT MANIFEST_NOT_JSON, MANIFEST_TRUNCATED, NOT_A_MANIFEST
//     (valid JSON of another kind; run_results.json and catalog.json are named
//     as such), MANIFEST_VERSION_UNSUPPORTED (v0, v13 and later),
//     MANIFEST_BROKEN (a field of a wrong type where one is needed),
//     MANIFEST_CYCLIC (names the cycle), MANIFEST_TOO_DEEP.
//   RESOURCE_EXHAUSTED MANIFEST_TOO_LARGE, MANIFEST_TOO_MANY_NODES.
absl::StatusOr<std::shared_ptr<const Manifest>> ParseManifest(
    Text text, std::string digest, const ParseOptions& options = {},
    const std::shared_ptr<const Manifest>& base = nullptr);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_PARSE_H_

// Reads `metadata`, and tells a manifest from dbt's other artifacts.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_MANIFEST_METADATA_READER_H_
#define DOPPEL_SERVICE_MANIFEST_METADATA_READER_H_

#include "absl/status/status.h"
#include "service/manifest/reader.h"

namespace doppel::manifest {

inline constexpr int kOldestVersion = 1;
inline constexpr int kNewestVersion = 12;
// dbt's upgrade drops the metrics of manifests up to this version.
inline constexpr int kLastVersionOfOldMetrics = 9;

// Reads the member `metadata` into the builder.
//
// Errors: NOT_A_MANIFEST, MANIFEST_VERSION_UNSUPPORTED, and the Reader's.
absl::Status ReadMetadata(Reader& reader, JsonCursor& cursor);

// The error for a JSON object that has no `metadata`.
// `is_semantic_manifest`: it has what dbt's semantic_manifest.json has.
absl::Status NoMetadata(bool is_semantic_manifest);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_METADATA_READER_H_

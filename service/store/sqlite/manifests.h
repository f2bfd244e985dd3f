// The records of manifests; their bytes are in manifest_files.h.
//
// Thread contract: as the Database.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_MANIFESTS_H_
#define DOPPEL_SERVICE_STORE_SQLITE_MANIFESTS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/store/sqlite/database.h"
#include "service/store/store.h"

namespace doppel::store {

// Keeps the record that is there, where there is one.
absl::Status PutManifest(Database* database, const ManifestRecord& record);

// NOT_FOUND MANIFEST_NOT_FOUND.
absl::StatusOr<ManifestRecord> GetManifest(Database* database,
                                           absl::string_view digest);

absl::StatusOr<Page<ManifestRecord>> ListManifests(Database* database,
                                                   int page_size,
                                                   absl::string_view from);

// NOT_FOUND MANIFEST_NOT_FOUND; FAILED_PRECONDITION MANIFEST_IN_USE.
absl::Status DeleteManifest(Database* database, absl::string_view digest);

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_MANIFESTS_H_

// The records of environments.
//
// Thread contract: as the Database.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_ENVIRONMENTS_H_
#define DOPPEL_SERVICE_STORE_SQLITE_ENVIRONMENTS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/store/sqlite/database.h"
#include "service/store/store.h"

namespace doppel::store {

// Errors as the methods of Store of these names; and NOT_FOUND
// MANIFEST_NOT_FOUND where the record points to none.
absl::Status CreateEnvironment(Database* database,
                               const EnvironmentRecord& record);
absl::StatusOr<EnvironmentRecord> GetEnvironment(Database* database,
                                                 absl::string_view id);
absl::StatusOr<Page<EnvironmentRecord>> ListEnvironments(
    Database* database, int page_size, absl::string_view from);
absl::Status UpdateEnvironment(Database* database,
                               const EnvironmentRecord& record,
                               absl::string_view etag);
// Nothing where the environment is not there any more.
absl::Status PointEnvironment(Database* database,
                              const PointedEnvironment& pointed);

absl::Status DeleteEnvironment(Database* database, absl::string_view id,
                               absl::string_view etag);

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_ENVIRONMENTS_H_

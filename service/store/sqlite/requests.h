// Requests that were answered, for as long as they are remembered.
//
// Thread contract: as the Database.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_REQUESTS_H_
#define DOPPEL_SERVICE_STORE_SQLITE_REQUESTS_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/store/sqlite/database.h"
#include "service/store/store.h"

namespace doppel::store {

absl::StatusOr<std::optional<RequestRecord>> FindRequest(
    Database* database, absl::string_view request_id);

// Within the transaction of what was asked for. ALREADY_EXISTS
// REQUEST_ID_REUSED where the id is taken: the same call came twice at once, or
// another one has it; FindRequest tells which.
absl::Status RememberRequest(Database* database,
                             const std::optional<RequestRecord>& request,
                             absl::Time now);

// Forgets those from before.
absl::Status ForgetRequests(Database* database, absl::Time before);

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_REQUESTS_H_

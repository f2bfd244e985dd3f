// Who may write to what, and until when.
//
// Thread contract: as the Database. All within a transaction of the caller's.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_LEASES_H_
#define DOPPEL_SERVICE_STORE_SQLITE_LEASES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/store/sqlite/database.h"
#include "service/store/store.h"

namespace doppel::store {

// Errors as the methods of Store of these names.
absl::Status AcquireLease(Database* database, const LeaseRequest& request,
                          absl::Time now, int64_t* token);
absl::Status RenewLease(Database* database, int64_t token,
                        absl::Time expire_time);
absl::Status ReleaseLease(Database* database, int64_t token);
absl::StatusOr<std::vector<LeaseRecord>> FindLeases(
    Database* database, const std::vector<std::string>& names, absl::Time now);

// Gives all of them back, for nobody is there who could have one.
absl::Status ForgetLeases(Database* database);

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_LEASES_H_

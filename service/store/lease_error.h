// The words for leases that somebody else has, the same for every store and for
// whoever asks before taking one.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_STORE_LEASE_ERROR_H_
#define DOPPEL_SERVICE_STORE_LEASE_ERROR_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/store/store.h"

namespace doppel::store {

// ABORTED ENVIRONMENT_LEASED: another execution has what is to be taken.
absl::Status LeasedError(const LeaseRecord& held);

// ABORTED ENVIRONMENT_LEASED: whoever runs the execution has lost his lease.
absl::Status LostLeaseError(absl::string_view execution);

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_LEASE_ERROR_H_

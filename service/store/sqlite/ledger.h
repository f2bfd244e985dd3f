// The ledger: what doppel created and still owns.
//
// Thread contract: as the Database.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_LEDGER_H_
#define DOPPEL_SERVICE_STORE_SQLITE_LEDGER_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/store/sqlite/database.h"
#include "service/store/store.h"

namespace doppel::store {

// Replaces what is known of the same relation.
absl::Status PutOwned(Database* database, const LedgerRecord& record);

// Sets target_version where the record's execution made what is known of the
// relation.
absl::Status PutSeen(Database* database, const LedgerRecord& record);

// Only connection and relation matter; one that is not there is fine.
absl::Status RemoveOwned(Database* database, const LedgerRecord& record);

absl::StatusOr<std::vector<LedgerRecord>> ListLedger(
    Database* database, absl::string_view connection,
    absl::string_view environment);

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_LEDGER_H_

// The tables of state.db and how an older database gets them.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_SCHEMA_H_
#define DOPPEL_SERVICE_STORE_SQLITE_SCHEMA_H_

#include "absl/status/status.h"
#include "service/store/sqlite/database.h"

namespace doppel::store {

// Brings the database to the version that this doppel writes, each step in a
// transaction of its own. FAILED_PRECONDITION STORE_FAILED if a newer doppel
// made it.
absl::Status Migrate(Database* database);

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_SCHEMA_H_

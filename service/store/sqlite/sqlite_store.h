// The store in one folder of this machine: a SQLite database for what is small,
// files for the bytes of manifests.
//
//   <directory>/state.db              (WAL, every commit synced)
//   <directory>/manifests/<sha256>.json
//   <directory>/uploads/<sha256>.part
//   <directory>/lock                  the process that has it open
//
// Only its owner can read it. One process at a time: a second one waits a
// moment, then is told who has it. (Leases keep executions apart without that,
// too: stores opened as `shared` can have the folder together.)
#ifndef DOPPEL_SERVICE_STORE_SQLITE_SQLITE_STORE_H_
#define DOPPEL_SERVICE_STORE_SQLITE_SQLITE_STORE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/base/clock.h"
#include "service/store/store.h"

namespace doppel::store {

struct SqliteStoreOptions {
  // Made, with its parents, where it is not there.
  std::string directory;
  Clock clock = RealClock();
  // How long to wait for another process that has the folder open.
  absl::Duration lock_wait = absl::Seconds(5);
  // How long requests are remembered; at least 24 hours.
  absl::Duration request_lifetime = absl::Hours(48);
  // How long an upload that broke off is kept.
  absl::Duration upload_lifetime = absl::Hours(7 * 24);
  // What the database may grow to; 0: as far as the disk goes.
  int64_t max_database_bytes = 0;
  // Lets others that say the same have the folder open, too. What an upload
  // that broke off left is then kept, and a lease lasts until its time is over.
  bool shared = false;
  // False for a store that goes with its process: nothing waits for the disk.
  bool durable = true;
};

// Opens the store, bringing an older one up to date.
//
// Errors: UNAVAILABLE STORE_FAILED (in use by another process, not readable,
// damaged), RESOURCE_EXHAUSTED STORE_FULL, FAILED_PRECONDITION STORE_FAILED
// (made by a newer doppel).
absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(
    SqliteStoreOptions options);

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_SQLITE_STORE_H_

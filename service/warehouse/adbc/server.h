// A database server behind an ADBC driver: what its sessions have in common.
//
// The driver's database is opened when the first session is, and closed once
// the last one and the server are gone.
//
// Thread contract: thread-safe. It may end before its sessions.
#ifndef DOPPEL_SERVICE_WAREHOUSE_ADBC_SERVER_H_
#define DOPPEL_SERVICE_WAREHOUSE_ADBC_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/base/mutex.h"
#include "service/warehouse/adbc/connection.h"
#include "service/warehouse/adbc/database.h"
#include "service/warehouse/adbc/driver.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::adbc {

struct ServerSpec {
  Database::Options options;
  std::vector<std::string> setup;    // statements that each session begins with
  std::vector<std::string> secrets;  // that no error of a session repeats
  StatementOptions statement_options = {};
  // After which `setup` is cancelled; for drivers that try for ever.
  absl::Duration setup_limit = absl::InfiniteDuration();
};

class Server {
 public:
  Server(const Driver* driver, ServerSpec spec);

  // Errors: as the driver's mapping has them.
  absl::StatusOr<std::unique_ptr<Session>> Connect();

 private:
  absl::StatusOr<std::unique_ptr<Session>> ConnectOnce();
  absl::StatusOr<std::shared_ptr<Database>> OpenDatabase();

  const Driver* const driver_;
  const std::shared_ptr<const ServerSpec> spec_;
  Mutex mutex_;
  std::shared_ptr<Database> database_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_SERVER_H_

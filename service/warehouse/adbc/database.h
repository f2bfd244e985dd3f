// A database of an ADBC driver, from its options to its release.
//
// Thread contract: immutable once open; connections may be made from any
// thread. It must outlive them.
#ifndef DOPPEL_SERVICE_WAREHOUSE_ADBC_DATABASE_H_
#define DOPPEL_SERVICE_WAREHOUSE_ADBC_DATABASE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "arrow-adbc/adbc.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::adbc {

class Database {
 public:
  using Options = std::vector<std::pair<std::string, std::string>>;

  // Errors: as the driver's mapping has them.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const Driver* driver,
                                                        const Options& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const Driver& driver() const { return *driver_; }
  AdbcDatabase* get() { return &database_; }

 private:
  explicit Database(const Driver* driver) : driver_(driver), database_{} {}

  const Driver* driver_;
  AdbcDatabase database_;
};

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_DATABASE_H_

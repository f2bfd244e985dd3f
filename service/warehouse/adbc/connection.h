// One connection through an ADBC driver: a statement a call, cancelled when
// its stop token is used.
//
// Thread contract: as Session's.
#ifndef DOPPEL_SERVICE_WAREHOUSE_ADBC_CONNECTION_H_
#define DOPPEL_SERVICE_WAREHOUSE_ADBC_CONNECTION_H_

#include <memory>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "arrow-adbc/adbc.h"
#include "service/warehouse/adbc/database.h"
#include "service/warehouse/adbc/driver.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::adbc {

class Connection final : public Session {
 public:
  // `database` must outlive the connection. Errors: as the driver's mapping
  // has them.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(Database* database);
  ~Connection() override;

  absl::Status Execute(absl::string_view sql, std::stop_token stop) override;
  absl::StatusOr<Rows> Query(absl::string_view sql,
                             std::stop_token stop) override;

 private:
  explicit Connection(const Driver* driver) : driver_(driver), connection_{} {}

  // Runs it and reads the result, into `rows` unless that is null.
  absl::Status Run(absl::string_view sql, const std::stop_token& stop,
                   Rows* rows);
  absl::Status RunUntil(absl::string_view sql, const std::stop_token& stop,
                        Rows* rows);
  void CancelConnection();

  const Driver* driver_;
  AdbcConnection connection_;
};

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_CONNECTION_H_

// One connection through an ADBC driver: a statement a call, cancelled when
// its stop token is used.
//
// Thread contract: as Session's.
#ifndef DOPPEL_SERVICE_WAREHOUSE_ADBC_CONNECTION_H_
#define DOPPEL_SERVICE_WAREHOUSE_ADBC_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "arrow-adbc/adbc.h"
#include "service/warehouse/adbc/database.h"
#include "service/warehouse/adbc/driver.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::adbc {

// Options of every statement of a connection, as the driver names them.
struct StatementOptions {
  Database::Options texts;
  std::vector<std::pair<std::string, int64_t>> numbers;
};

class Connection final : public Session {
 public:
  // `database` must outlive the connection. `cancel` cancels the statement that
  // runs, where the driver's own way is none; it may be called several times,
  // by another thread. Errors: as the driver's mapping has them.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(
      Database* database, std::function<void()> cancel = nullptr);
  ~Connection() override;

  void SetStatementOptions(const StatementOptions& options) {
    options_ = options;
  }

  absl::Status Execute(absl::string_view sql, std::stop_token stop) override;
  absl::StatusOr<Rows> Query(absl::string_view sql,
                             std::stop_token stop) override;

 private:
  Connection(const Driver* driver, std::function<void()> cancel)
      : driver_(driver), cancel_(std::move(cancel)), connection_{} {}

  // Runs it and reads the result, into `rows` unless that is null.
  absl::Status Run(absl::string_view sql, const std::stop_token& stop,
                   Rows* rows);
  absl::Status RunUntil(absl::string_view sql, const std::stop_token& stop,
                        Rows* rows);
  void CancelConnection();

  const Driver* driver_;
  const std::function<void()> cancel_;  // null: the driver's own
  AdbcConnection connection_;
  StatementOptions options_;
};

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_CONNECTION_H_

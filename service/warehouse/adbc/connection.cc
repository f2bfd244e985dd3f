#include "service/warehouse/adbc/connection.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "arrow-adbc/adbc.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/warehouse/adbc/arrow_text.h"
#include "service/warehouse/adbc/call.h"
#include "service/warehouse/adbc/canceller.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::adbc {
namespace {

// Releases one of Arrow's or ADBC's structs as they want it.
template <typename T>
struct Released {
  T value{};
  ~Released() {
    if (value.release != nullptr) value.release(&value);
  }
};

class Statement {
 public:
  explicit Statement(const Driver& driver) : driver_(driver), statement_{} {}
  ~Statement() {
    if (statement_.private_data == nullptr) return;
    Call call(driver_);
    driver_.table.StatementRelease(&statement_, call.error());
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  absl::Status Prepare(AdbcConnection* connection) {
    Call call(driver_);
    return call.Check(
        driver_.table.StatementNew(connection, &statement_, call.error()));
  }

  absl::Status Set(const StatementOptions& options) {
    const AdbcDriver& table = driver_.table;
    Call call(driver_);
    for (const auto& [key, value] : options.texts) {
      DOPPEL_RETURN_IF_ERROR(call.Check(table.StatementSetOption(
          &statement_, key.c_str(), value.c_str(), call.error())));
    }
    for (const auto& [key, value] : options.numbers) {
      DOPPEL_RETURN_IF_ERROR(call.Check(table.StatementSetOptionInt(
          &statement_, key.c_str(), value, call.error())));
    }
    return absl::OkStatus();
  }

  absl::Status Start(const std::string& sql, ArrowArrayStream* stream) {
    const AdbcDriver& table = driver_.table;
    Call call(driver_);
    DOPPEL_RETURN_IF_ERROR(call.Check(
        table.StatementSetSqlQuery(&statement_, sql.c_str(), call.error())));
    int64_t affected = -1;
    return call.Check(table.StatementExecuteQuery(&statement_, stream,
                                                  &affected, call.error()));
  }

  // From any thread, for as long as the statement lives.
  void Cancel() {
    Call call(driver_);
    driver_.table.StatementCancel(&statement_, call.error());
  }

 private:
  const Driver& driver_;
  AdbcStatement statement_;
};

// All of the stream, into `rows`. A statement without a result may give a
// stream without anything.
absl::Status Drain(const Driver& driver, ArrowArrayStream* stream, Rows* rows) {
  if (stream->release == nullptr) return absl::OkStatus();
  Released<ArrowSchema> schema;
  DOPPEL_RETURN_IF_ERROR(
      CheckStream(driver, stream, stream->get_schema(stream, &schema.value)));
  DOPPEL_RETURN_IF_ERROR(ReadSchema(schema.value, rows));
  while (true) {
    Released<ArrowArray> batch;
    DOPPEL_RETURN_IF_ERROR(
        CheckStream(driver, stream, stream->get_next(stream, &batch.value)));
    if (batch.value.release == nullptr) return absl::OkStatus();
    DOPPEL_RETURN_IF_ERROR(AppendBatch(schema.value, batch.value, rows));
  }
}

Error Cancelled() {
  return Error(absl::StatusCode::kCancelled, Reason::kCancelled,
               "the statement was cancelled before its end");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(
    Database* database, std::function<void()> cancel) {
  const Driver* const driver = &database->driver();
  auto connection = absl::WrapUnique(new Connection(driver, std::move(cancel)));
  AdbcConnection* const raw = &connection->connection_;
  Call call(*driver);
  DOPPEL_RETURN_IF_ERROR(
      call.Check(driver->table.ConnectionNew(raw, call.error())));
  DOPPEL_RETURN_IF_ERROR(call.Check(
      driver->table.ConnectionInit(raw, database->get(), call.error())));
  return connection;
}

Connection::~Connection() {
  if (connection_.private_data == nullptr) return;
  Call call(*driver_);
  driver_->table.ConnectionRelease(&connection_, call.error());
}

absl::Status Connection::Execute(absl::string_view sql, std::stop_token stop) {
  return RunUntil(sql, stop, nullptr);
}

absl::StatusOr<Rows> Connection::Query(absl::string_view sql,
                                       std::stop_token stop) {
  Rows rows;
  DOPPEL_RETURN_IF_ERROR(RunUntil(sql, stop, &rows));
  return rows;
}

absl::Status Connection::RunUntil(absl::string_view sql,
                                  const std::stop_token& stop, Rows* rows) {
  if (stop.stop_requested()) return Cancelled();
  if (absl::StrContains(sql, '\0')) {
    // ADBC's strings end there: only the first half would be sent.
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kWarehouseStatementFailed,
                 "the statement has a NUL character in it");
  }
  const absl::Status status = Run(sql, stop, rows);
  // A statement that came to its end before the cancel did has its effect.
  return absl::IsCancelled(status) ? Cancelled() : status;
}

absl::Status Connection::Run(absl::string_view sql, const std::stop_token& stop,
                             Rows* rows) {
  Statement statement(*driver_);
  DOPPEL_RETURN_IF_ERROR(statement.Prepare(&connection_));
  DOPPEL_RETURN_IF_ERROR(statement.Set(options_));
  // Goes before the statement does. Without it no result is asked for, which
  // some drivers do in half the time.
  Released<ArrowArrayStream> stream;
  // And this before both. Some drivers know only one of the two ways; whether
  // one could does not matter: the statement's own end counts.
  const Canceller canceller(stop, [&] {
    if (cancel_ != nullptr) return cancel_();
    statement.Cancel();
    CancelConnection();
  });
  if (rows == nullptr) return statement.Start(std::string(sql), nullptr);
  DOPPEL_RETURN_IF_ERROR(statement.Start(std::string(sql), &stream.value));
  return Drain(*driver_, &stream.value, rows);
}

void Connection::CancelConnection() {
  Call call(*driver_);
  driver_->table.ConnectionCancel(&connection_, call.error());
}

}  // namespace doppel::warehouse::adbc

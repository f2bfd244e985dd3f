#include "service/warehouse/adbc/server.h"

#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/mutex.h"
#include "service/base/status_macros.h"
#include "service/warehouse/adbc/connection.h"
#include "service/warehouse/adbc/database.h"
#include "service/warehouse/adbc/deadline.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::adbc {
namespace {

// A connection, and what must outlive it.
class ServerSession final : public Session {
 public:
  ServerSession(std::shared_ptr<const ServerSpec> spec,
                std::shared_ptr<Database> database,
                std::unique_ptr<Connection> connection)
      : spec_(std::move(spec)),
        database_(std::move(database)),
        connection_(std::move(connection)) {}

  absl::Status Execute(absl::string_view sql, std::stop_token stop) override {
    return profiles::Redacted(connection_->Execute(sql, std::move(stop)),
                              spec_->secrets);
  }

  absl::StatusOr<Rows> Query(absl::string_view sql,
                             std::stop_token stop) override {
    absl::StatusOr<Rows> rows = connection_->Query(sql, std::move(stop));
    if (rows.ok()) return rows;
    return profiles::Redacted(rows.status(), spec_->secrets);
  }

 private:
  const std::shared_ptr<const ServerSpec> spec_;
  const std::shared_ptr<Database> database_;
  const std::unique_ptr<Connection> connection_;  // goes first
};

Error NoAnswer(absl::Duration limit) {
  return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseUnreachable,
               absl::StrCat("the warehouse did not answer within ",
                            absl::FormatDuration(limit)))
      .With("limit", absl::FormatDuration(limit));
}

}  // namespace

Server::Server(const Driver* driver, ServerSpec spec)
    : driver_(driver),
      spec_(std::make_shared<const ServerSpec>(std::move(spec))) {}

absl::StatusOr<std::unique_ptr<Session>> Server::Connect() {
  auto session = ConnectOnce();
  if (session.ok()) return session;
  return profiles::Redacted(session.status(), spec_->secrets);
}

absl::StatusOr<std::unique_ptr<Session>> Server::ConnectOnce() {
  DOPPEL_ASSIGN_OR_RETURN(const std::shared_ptr<Database> database,
                          OpenDatabase());
  DOPPEL_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                          Connection::Open(database.get()));
  connection->SetStatementOptions(spec_->statement_options);
  if (!spec_->setup.empty()) {
    const Deadline deadline(spec_->setup_limit);
    for (const std::string& statement : spec_->setup) {
      const absl::Status status =
          connection->Execute(statement, deadline.token());
      if (absl::IsCancelled(status)) return NoAnswer(spec_->setup_limit);
      DOPPEL_RETURN_IF_ERROR(status);
    }
  }
  return std::make_unique<ServerSession>(spec_, database,
                                         std::move(connection));
}

absl::StatusOr<std::shared_ptr<Database>> Server::OpenDatabase() {
  MutexLock lock(mutex_);
  if (database_ == nullptr) {
    DOPPEL_ASSIGN_OR_RETURN(database_, Database::Open(driver_, spec_->options));
  }
  return database_;
}

}  // namespace doppel::warehouse::adbc

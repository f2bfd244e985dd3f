#include "service/warehouse/postgres/postgres_warehouse.h"

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/adbc/driver.h"
#include "service/warehouse/adbc/server.h"
#include "service/warehouse/listing.h"
#include "service/warehouse/postgres/catalog.h"
#include "service/warehouse/postgres/details.h"
#include "service/warehouse/postgres/errors.h"

namespace doppel::warehouse::postgres {
namespace {

constexpr char kLibrary[] = "libadbc_driver_postgresql.so";
constexpr char kEntryPoint[] = "AdbcDriverPostgresqlInit";

// How long is waited for the end of a session that was told to end.
constexpr absl::Duration kLongestEnd = absl::Minutes(2);
constexpr absl::Duration kBetweenLooks = absl::Milliseconds(20);

std::string ApplicationName(absl::string_view session) {
  return absl::StrCat("doppel ", session);
}

// Versions count changes, and a server (from 15 on) tells others of these a
// while later unless it is asked to.
class PostgresSession final : public Session {
 public:
  explicit PostgresSession(std::unique_ptr<Session> session)
      : session_(std::move(session)) {}
  ~PostgresSession() override {
    if (!has_executed_) return;
    session_->Execute("select pg_stat_force_next_flush()", {}).IgnoreError();
  }

  absl::Status Execute(absl::string_view sql, std::stop_token stop) override {
    has_executed_ = true;
    return session_->Execute(sql, std::move(stop));
  }
  // What has no result goes by the protocol's simple query, which takes many.
  absl::Status ExecuteAll(std::span<const std::string> statements,
                          std::stop_token stop) override {
    return Execute(absl::StrJoin(statements, ";\n"), std::move(stop));
  }
  absl::StatusOr<Rows> Query(absl::string_view sql,
                             std::stop_token stop) override {
    return session_->Query(sql, std::move(stop));
  }

 private:
  const std::unique_ptr<Session> session_;
  bool has_executed_ = false;
};

class PostgresWarehouse final : public Warehouse {
 public:
  PostgresWarehouse(const adbc::Driver* driver, const dialect::Dialect* dialect,
                    const Credentials& credentials)
      : dialect_(dialect),
        credentials_(credentials),
        server_(driver, SpecOf(credentials)) {}

  const dialect::Dialect& dialect() const override { return *dialect_; }
  std::string default_database() const override {
    return credentials_.database;
  }

  absl::StatusOr<std::unique_ptr<Session>> Connect() override {
    DOPPEL_ASSIGN_OR_RETURN(std::unique_ptr<Session> session,
                            server_.Connect());
    return std::make_unique<PostgresSession>(std::move(session));
  }

  // The server's own list of its sessions shows what they call themselves.
  absl::StatusOr<std::unique_ptr<Session>> ConnectAs(
      absl::string_view name) override {
    DOPPEL_ASSIGN_OR_RETURN(std::unique_ptr<Session> session,
                            server_.Connect());
    DOPPEL_RETURN_IF_ERROR(session->Execute(
        absl::StrCat("set application_name = ", Literal(ApplicationName(name))),
        {}));
    return std::make_unique<PostgresSession>(std::move(session));
  }

  // A statement goes on where whoever sent it has died, until the server has
  // something to tell.
  absl::Status EndSession(absl::string_view name,
                          std::stop_token stop) override {
    DOPPEL_ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                            server_.Connect());
    // Who may end a session is whom it was opened by.
    DOPPEL_RETURN_IF_ERROR(session->Execute("reset role", stop));
    const std::string ending = absl::StrCat(
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where pid <> pg_backend_pid() and application_name = ",
        Literal(ApplicationName(name)));
    const absl::Time deadline = absl::Now() + kLongestEnd;
    while (true) {
      DOPPEL_ASSIGN_OR_RETURN(const Rows rows, session->Query(ending, stop));
      if (rows.rows.empty()) return absl::OkStatus();
      if (absl::Now() >= deadline) {
        return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseBusy,
                     "PostgreSQL: a session whose owner is gone does not end");
      }
      absl::SleepFor(kBetweenLooks);
    }
  }

  absl::StatusOr<std::vector<CatalogEntry>> ListRelations(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    const std::vector<SchemaName> own = OwnOf(schemas);
    if (own.empty()) return std::vector<CatalogEntry>();
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    DOPPEL_ASSIGN_OR_RETURN(
        const Rows rows, session->Query(RelationsQuery(own), std::move(stop)));
    return ReadRelations(rows, credentials_.database);
  }

  absl::StatusOr<std::vector<SchemaName>> ExistingSchemas(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    const std::vector<SchemaName> own = OwnOf(schemas);
    if (own.empty()) return std::vector<SchemaName>();
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    DOPPEL_ASSIGN_OR_RETURN(const Rows rows,
                            session->Query(SchemasQuery(), std::move(stop)));
    return ReadSchemas(rows, own, credentials_.database);
  }

  absl::StatusOr<std::vector<RelationDetails>> Describe(
      std::span<const DetailsWish> wishes, std::stop_token stop) override {
    if (wishes.empty()) return Warehouse::Describe(wishes, std::move(stop));
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    return ReadDetails(session.get(), wishes, std::move(stop));
  }

 private:
  // The driver's database connects once, to learn the types. Nothing that a
  // session does is in it, so all of them share it.
  static adbc::ServerSpec SpecOf(const Credentials& credentials) {
    adbc::ServerSpec spec;
    spec.options = {{"uri", ConnectionString(credentials)}};
    if (!credentials.role.empty()) {
      spec.setup = {absl::StrCat("set role ", credentials.role)};
    }
    spec.secrets = credentials.secrets;
    return spec;
  }

  // Those of the connection's database.
  std::vector<SchemaName> OwnOf(std::span<const SchemaName> schemas) const {
    std::vector<SchemaName> own = WithDatabases(schemas, default_database());
    std::erase_if(own, [this](const SchemaName& schema) {
      return schema.database != credentials_.database;
    });
    return own;
  }

  const dialect::Dialect* const dialect_;
  const Credentials credentials_;
  adbc::Server server_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<Warehouse>> OpenPostgres(
    const Credentials& credentials, const std::string& driver_dir) {
  DOPPEL_ASSIGN_OR_RETURN(
      const adbc::Driver* const driver,
      adbc::LoadDriver({kLibrary, kEntryPoint, driver_dir, MapError}));
  DOPPEL_ASSIGN_OR_RETURN(const dialect::Dialect* const dialect,
                          dialect::FindDialect("postgres"));
  return std::make_shared<PostgresWarehouse>(driver, dialect, credentials);
}

absl::Status CheckDriver(const std::string& driver_dir) {
  return adbc::FindDriver(kLibrary, driver_dir).status();
}

}  // namespace doppel::warehouse::postgres

#include "service/warehouse/clickhouse/clickhouse_warehouse.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/adbc/connection.h"
#include "service/warehouse/adbc/driver.h"
#include "service/warehouse/adbc/instance_session.h"
#include "service/warehouse/adbc/instances.h"
#include "service/warehouse/adbc/keeper.h"
#include "service/warehouse/clickhouse/catalog.h"
#include "service/warehouse/clickhouse/errors.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::clickhouse {
namespace {

namespace fs = std::filesystem;

constexpr char kLibrary[] = "libchdb.so";
constexpr char kEntryPoint[] = "chdb_adbc_init";
// With ClickHouse's own handlers a program that crashes never ends.
constexpr char kSignalsSwitch[] = "chdb_set_signal_handlers_enabled";

adbc::InstanceSpec SpecOf(const Credentials& credentials,
                          absl::Duration lock_wait) {
  adbc::InstanceSpec spec;
  spec.key = credentials.path;
  // The engine is once in a process, with one folder.
  spec.claims = {{"chDB, which opens one folder at a time,"}};
  spec.options = {{"path", credentials.path}};
  spec.lock_wait = lock_wait;
  spec.map_open_error = MapOpenError;
  return spec;
}

// The driver's own cancel does nothing. So each session marks its statements,
// and a second one kills those with that mark.
std::function<void()> KillerOf(adbc::Database* database,
                               const std::string& mark) {
  std::string kill = absl::StrCat(
      "kill query where Settings['log_comment'] = ", Quoted(mark), " async");
  return [database, kill = std::move(kill)] {
    const auto killer = adbc::Connection::Open(database);
    if (killer.ok()) (*killer)->Execute(kill, {}).IgnoreError();
  };
}

class ClickHouseWarehouse final : public Warehouse {
 public:
  ClickHouseWarehouse(const adbc::Driver* driver,
                      const dialect::Dialect* dialect,
                      const Credentials& credentials, absl::Duration lock_wait)
      : driver_(driver),
        dialect_(dialect),
        credentials_(credentials),
        spec_(SpecOf(credentials, lock_wait)),
        keeper_(std::make_shared<adbc::Keeper>(credentials.keep_open)) {}

  const dialect::Dialect& dialect() const override { return *dialect_; }
  std::string default_database() const override { return ""; }

  absl::StatusOr<std::unique_ptr<Session>> Connect() override {
    DOPPEL_RETURN_IF_ERROR(CheckFolder());
    auto session = ConnectOnce();
    if (session.ok()) return session;
    // The message may quote the value of a setting.
    return profiles::Redacted(session.status(), credentials_.secrets);
  }

  absl::StatusOr<std::vector<CatalogEntry>> ListRelations(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    if (schemas.empty() || IsNotThereYet()) return std::vector<CatalogEntry>();
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    DOPPEL_ASSIGN_OR_RETURN(
        const Rows rows,
        session->Query(RelationsQuery(schemas), std::move(stop)));
    return ReadRelations(rows);
  }

  absl::StatusOr<std::vector<SchemaName>> ExistingSchemas(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    if (schemas.empty() || IsNotThereYet()) return std::vector<SchemaName>();
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    DOPPEL_ASSIGN_OR_RETURN(const Rows rows,
                            session->Query(SchemasQuery(), std::move(stop)));
    return ReadSchemas(rows, schemas);
  }

  absl::StatusOr<std::vector<RelationDetails>> Describe(
      std::span<const DetailsWish> wishes, std::stop_token stop) override {
    if (wishes.empty() || IsNotThereYet()) return ReadDetails({}, wishes);
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    DOPPEL_ASSIGN_OR_RETURN(
        const Rows rows, session->Query(DetailsQuery(wishes), std::move(stop)));
    return ReadDetails(rows, wishes);
  }

  // The folder is open in this process alone, so that nobody is at work on what
  // another one left in it.
  absl::Status ClearLeftovers(std::span<const RelationName> made,
                              std::stop_token stop) override {
    if (made.empty() || IsNotThereYet()) return absl::OkStatus();
    std::vector<RelationName> names(made.begin(), made.end());
    for (const RelationName& name : made) {
      names.push_back(dialect_->Beside(name, "new"));
    }
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    DOPPEL_ASSIGN_OR_RETURN(const Rows rows,
                            session->Query(LeftoversQuery(names), stop));
    for (const auto& row : rows.rows) {
      const RelationName left = {"", row[0].value_or(""), row[1].value_or("")};
      DOPPEL_RETURN_IF_ERROR(session->Execute(
          absl::StrCat("drop table if exists ",
                       dialect_->Render(left, {true, true, true}), " sync"),
          stop));
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<std::unique_ptr<Session>> ConnectOnce() {
    DOPPEL_ASSIGN_OR_RETURN(adbc::Instances::Lease lease,
                            adbc::Instances::Get().Acquire(driver_, spec_));
    const std::string mark = absl::StrCat("doppel ", NewUuid());
    DOPPEL_ASSIGN_OR_RETURN(
        std::unique_ptr<adbc::Connection> connection,
        adbc::Connection::Open(lease.database(),
                               KillerOf(lease.database(), mark)));
    // The mark first: the others may forbid to set more.
    Pairs settings = {{"log_comment", mark}};
    settings.insert(settings.end(), credentials_.settings.begin(),
                    credentials_.settings.end());
    for (const auto& [key, value] : settings) {
      DOPPEL_RETURN_IF_ERROR(connection->Execute(
          absl::StrCat("set ", key, " = ", Quoted(value)), {}));
    }
    return std::make_unique<adbc::InstanceSession>(
        std::move(lease), std::move(connection), keeper_);
  }

  // chDB would make all the folders of a path that was mistyped.
  absl::Status CheckFolder() const {
    std::error_code ignored;
    if (fs::is_directory(fs::path(credentials_.path).parent_path(), ignored)) {
      return absl::OkStatus();
    }
    return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseUnreachable,
                 absl::StrCat("cannot open ", credentials_.path,
                              ": the folder that it is to stand in is not "
                              "there; check the connection's path in "
                              "profiles.yml"))
        .With("path", credentials_.path);
  }

  // Looks without opening, for that would make it.
  bool IsNotThereYet() const {
    std::error_code error;
    return !fs::exists(credentials_.path, error) && !error &&
           CheckFolder().ok();
  }

  const adbc::Driver* const driver_;
  const dialect::Dialect* const dialect_;
  const Credentials credentials_;
  const adbc::InstanceSpec spec_;
  const std::shared_ptr<adbc::Keeper> keeper_;
};

adbc::DriverOptions DriverOptionsOf(const ClickHouseOptions& options) {
  return {kLibrary, kEntryPoint, options.driver_dir, MapError, kSignalsSwitch};
}

}  // namespace

absl::StatusOr<std::shared_ptr<Warehouse>> OpenClickHouse(
    const Credentials& credentials, const ClickHouseOptions& options) {
  DOPPEL_ASSIGN_OR_RETURN(const adbc::Driver* const driver,
                          adbc::LoadDriver(DriverOptionsOf(options)));
  DOPPEL_ASSIGN_OR_RETURN(const dialect::Dialect* const dialect,
                          dialect::FindDialect("clickhouse"));
  return std::make_shared<ClickHouseWarehouse>(driver, dialect, credentials,
                                               options.lock_wait);
}

absl::Status CheckDriver(const ClickHouseOptions& options) {
  return adbc::FindDriver(kLibrary, options.driver_dir).status();
}

}  // namespace doppel::warehouse::clickhouse

#include "service/warehouse/duckdb/duckdb_warehouse.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/mutex.h"
#include "service/base/status_macros.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/adbc/connection.h"
#include "service/warehouse/adbc/driver.h"
#include "service/warehouse/adbc/instance_session.h"
#include "service/warehouse/adbc/instances.h"
#include "service/warehouse/duckdb/catalog.h"
#include "service/warehouse/duckdb/details.h"
#include "service/warehouse/duckdb/errors.h"
#include "service/warehouse/duckdb/setup.h"
#include "service/warehouse/listing.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::duckdb {
namespace {

constexpr char kLibrary[] = "libduckdb.so";
constexpr char kEntryPoint[] = "duckdb_adbc_init";

class DuckDbWarehouse final : public Warehouse {
 public:
  DuckDbWarehouse(const adbc::Driver* driver, const dialect::Dialect* dialect,
                  const Credentials& credentials, absl::Duration lock_wait)
      : driver_(driver),
        dialect_(dialect),
        credentials_(credentials),
        spec_(SpecOf(credentials, NewUuid())) {
    spec_.lock_wait = lock_wait;
  }

  const dialect::Dialect& dialect() const override { return *dialect_; }
  std::string default_database() const override {
    return credentials_.database;
  }

  absl::StatusOr<std::unique_ptr<Session>> Connect() override {
    auto session = ConnectOnce();
    if (session.ok()) return session;
    // DuckDB's message may quote the statement that set a secret.
    return profiles::Redacted(session.status(), credentials_.secrets);
  }

  // A large file takes many times longer to open than to be asked.
  absl::StatusOr<std::shared_ptr<const void>> KeepOpen() override {
    if (IsNotThereYet()) return nullptr;
    auto lease = Acquire();
    if (!lease.ok()) {
      return profiles::Redacted(lease.status(), credentials_.secrets);
    }
    return std::make_shared<const adbc::Instances::Lease>(*std::move(lease));
  }

  absl::StatusOr<std::vector<CatalogEntry>> ListRelations(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    if (schemas.empty() || IsNotThereYet()) return std::vector<CatalogEntry>();
    const std::vector<SchemaName> whole =
        WithDatabases(schemas, default_database());
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    DOPPEL_ASSIGN_OR_RETURN(
        const Rows rows,
        session->Query(RelationsQuery(whole), std::move(stop)));
    return ReadRelations(rows, whole);
  }

  absl::StatusOr<std::vector<SchemaName>> ExistingSchemas(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    if (schemas.empty() || IsNotThereYet()) return std::vector<SchemaName>();
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    DOPPEL_ASSIGN_OR_RETURN(const Rows rows,
                            session->Query(SchemasQuery(), std::move(stop)));
    const std::vector<SchemaName> whole =
        WithDatabases(schemas, default_database());
    return ReadSchemas(rows, whole);
  }

  absl::StatusOr<std::vector<RelationDetails>> Describe(
      std::span<const DetailsWish> wishes, std::stop_token stop) override {
    if (wishes.empty() || IsNotThereYet()) {
      return Warehouse::Describe(wishes, std::move(stop));
    }
    std::vector<DetailsWish> whole(wishes.begin(), wishes.end());
    for (DetailsWish& wish : whole) {
      if (wish.name.database.empty()) wish.name.database = default_database();
    }
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    return ReadDetails(session.get(), *dialect_, whole, std::move(stop));
  }

 private:
  absl::StatusOr<std::unique_ptr<Session>> ConnectOnce() {
    DOPPEL_ASSIGN_OR_RETURN(adbc::Instances::Lease lease, Acquire());
    DOPPEL_ASSIGN_OR_RETURN(std::unique_ptr<adbc::Connection> connection,
                            adbc::Connection::Open(lease.database()));
    for (const std::string& statement : SessionSetup(credentials_)) {
      DOPPEL_RETURN_IF_ERROR(connection->Execute(statement, {}));
    }
    return std::make_unique<adbc::InstanceSession>(std::move(lease),
                                                   std::move(connection));
  }

  absl::StatusOr<adbc::Instances::Lease> Acquire() {
    auto lease = adbc::Instances::Get().Acquire(driver_, spec_);
    if (!lease.ok()) return ExplainSetupError(lease.status());
    if (credentials_.path == kInMemory) DOPPEL_RETURN_IF_ERROR(KeepInMemory());
    return lease;
  }

  // Holds the database of which nothing would be left without a session.
  absl::Status KeepInMemory() {
    MutexLock lock(mutex_);
    if (kept_) return absl::OkStatus();
    DOPPEL_ASSIGN_OR_RETURN(adbc::Instances::Lease lease,
                            adbc::Instances::Get().Acquire(driver_, spec_));
    kept_.emplace(std::move(lease));
    return absl::OkStatus();
  }

  // Looks without opening, for that would make the file. In a folder that is
  // not there no file can be made: then opening says so.
  bool IsNotThereYet() const {
    if (credentials_.path == kInMemory || !credentials_.attachments.empty()) {
      return false;
    }
    const std::filesystem::path path(credentials_.path);
    std::error_code error;
    return !std::filesystem::exists(path, error) && !error &&
           std::filesystem::is_directory(path.parent_path(), error);
  }

  const adbc::Driver* const driver_;
  const dialect::Dialect* const dialect_;
  const Credentials credentials_;
  adbc::InstanceSpec spec_;
  Mutex mutex_;
  std::optional<adbc::Instances::Lease> kept_ ABSL_GUARDED_BY(mutex_);
};

adbc::DriverOptions DriverOptionsOf(const DuckDbOptions& options) {
  return {kLibrary, kEntryPoint, options.driver_dir, MapError};
}

}  // namespace

absl::StatusOr<std::shared_ptr<Warehouse>> OpenDuckDb(
    const Credentials& credentials, const DuckDbOptions& options) {
  DOPPEL_ASSIGN_OR_RETURN(const adbc::Driver* const driver,
                          adbc::LoadDriver(DriverOptionsOf(options)));
  DOPPEL_ASSIGN_OR_RETURN(const dialect::Dialect* const dialect,
                          dialect::FindDialect("duckdb"));
  return std::make_shared<DuckDbWarehouse>(driver, dialect, credentials,
                                           options.lock_wait);
}

absl::Status CheckDriver(const DuckDbOptions& options) {
  return adbc::FindDriver(kLibrary, options.driver_dir).status();
}

}  // namespace doppel::warehouse::duckdb

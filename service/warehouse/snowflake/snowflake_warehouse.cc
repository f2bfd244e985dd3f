#include "service/warehouse/snowflake/snowflake_warehouse.h"

#include <map>
#include <memory>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/status_macros.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/adbc/driver.h"
#include "service/warehouse/adbc/server.h"
#include "service/warehouse/listing.h"
#include "service/warehouse/snowflake/catalog.h"
#include "service/warehouse/snowflake/errors.h"

namespace doppel::warehouse::snowflake {
namespace {

constexpr char kLibrary[] = "libadbc_driver_snowflake.so";
constexpr char kEntryPoint[] = "AdbcDriverSnowflakeInit";

class SnowflakeWarehouse final : public Warehouse {
 public:
  SnowflakeWarehouse(const adbc::Driver* driver,
                     const dialect::Dialect* dialect,
                     const Credentials& credentials)
      : dialect_(dialect),
        database_(credentials.database),
        server_(driver, {credentials.options, {}, credentials.secrets}) {}

  const dialect::Dialect& dialect() const override { return *dialect_; }
  std::string default_database() const override { return database_; }

  absl::StatusOr<std::unique_ptr<Session>> Connect() override {
    return server_.Connect();
  }

  absl::StatusOr<std::vector<CatalogEntry>> ListRelations(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    std::vector<CatalogEntry> entries;
    if (schemas.empty()) return entries;
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    for (const auto& [database, of_database] : ByDatabase(schemas)) {
      DOPPEL_ASSIGN_OR_RETURN(
          const Rows rows,
          QueryIfThere(*session,
                       RelationsQuery(*dialect_, database, of_database), stop));
      if (rows.columns.empty()) continue;
      DOPPEL_RETURN_IF_ERROR(AppendRelations(rows, database, &entries));
    }
    SortByName(entries);
    return entries;
  }

  absl::StatusOr<std::vector<SchemaName>> ExistingSchemas(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    std::set<SchemaName> existing;
    std::vector<SchemaName> asked = WithDatabases(schemas, database_);
    if (asked.empty()) return asked;
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    for (const auto& [database, of_database] : ByDatabase(schemas)) {
      DOPPEL_ASSIGN_OR_RETURN(
          const Rows rows,
          QueryIfThere(*session, SchemasQuery(*dialect_, database), stop));
      for (const auto& row : rows.rows) {
        existing.insert({database, row[0].value_or("")});
      }
    }
    std::erase_if(asked, [&](const SchemaName& schema) {
      return !existing.contains(schema);
    });
    return asked;
  }

 private:
  std::map<std::string, std::vector<SchemaName>> ByDatabase(
      std::span<const SchemaName> schemas) const {
    std::map<std::string, std::vector<SchemaName>> by_database;
    for (SchemaName& schema : WithDatabases(schemas, database_)) {
      by_database[schema.database].push_back(schema);
    }
    return by_database;
  }

  // No columns where the database is not there.
  static absl::StatusOr<Rows> QueryIfThere(Session& session,
                                           absl::string_view sql,
                                           const std::stop_token& stop) {
    absl::StatusOr<Rows> rows = session.Query(sql, stop);
    if (!rows.ok() && IsMissingObject(rows.status())) return Rows();
    return rows;
  }

  const dialect::Dialect* const dialect_;
  const std::string database_;
  adbc::Server server_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<Warehouse>> OpenSnowflake(
    const Credentials& credentials, const std::string& driver_dir) {
  DOPPEL_ASSIGN_OR_RETURN(
      const adbc::Driver* const driver,
      adbc::LoadDriver({kLibrary, kEntryPoint, driver_dir, MapError}));
  DOPPEL_ASSIGN_OR_RETURN(const dialect::Dialect* const dialect,
                          dialect::FindDialect("snowflake"));
  return std::make_shared<SnowflakeWarehouse>(driver, dialect, credentials);
}

absl::Status CheckDriver(const std::string& driver_dir) {
  return adbc::FindDriver(kLibrary, driver_dir).status();
}

}  // namespace doppel::warehouse::snowflake

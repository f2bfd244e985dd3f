#include "service/warehouse/redshift/redshift_warehouse.h"

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "service/base/status_macros.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/adbc/driver.h"
#include "service/warehouse/adbc/server.h"
#include "service/warehouse/listing.h"
#include "service/warehouse/postgres/catalog.h"
#include "service/warehouse/postgres/credentials.h"
#include "service/warehouse/postgres/errors.h"

namespace doppel::warehouse::redshift {
namespace {

constexpr char kLibrary[] = "libadbc_driver_postgresql.so";
constexpr char kEntryPoint[] = "AdbcDriverPostgresqlInit";

// As dbt-redshift lists them: a view's text tells a materialized one.
std::string RelationsQuery(std::span<const SchemaName> schemas) {
  std::vector<std::string> names;
  for (const SchemaName& schema : schemas) {
    names.push_back(Literal(schema.schema));
  }
  const std::string where =
      absl::StrCat("table_schema in (", absl::StrJoin(names, ", "), ")");
  return absl::StrCat(
      "select table_schema::varchar, table_name::varchar, 'table'::varchar "
      "from information_schema.tables where table_type = 'BASE TABLE' and ",
      where,
      " union all select table_schema::varchar, table_name::varchar, "
      "case when view_definition ilike '%create materialized view%' "
      "then 'materialized view' else 'view' end::varchar "
      "from information_schema.views where ",
      where);
}

RelationKind KindOf(absl::string_view word) {
  if (word == "view") return RelationKind::kView;
  if (word == "materialized view") return RelationKind::kMaterializedView;
  return RelationKind::kTable;
}

class RedshiftWarehouse final : public Warehouse {
 public:
  RedshiftWarehouse(const adbc::Driver* driver, const dialect::Dialect* dialect,
                    const Credentials& credentials)
      : dialect_(dialect),
        database_(credentials.server.database),
        server_(driver,
                {{{"uri", postgres::ConnectionString(credentials.server)}},
                 credentials.setup,
                 credentials.server.secrets}) {}

  const dialect::Dialect& dialect() const override { return *dialect_; }
  std::string default_database() const override { return database_; }

  absl::StatusOr<std::unique_ptr<Session>> Connect() override {
    return server_.Connect();
  }

  absl::StatusOr<std::vector<CatalogEntry>> ListRelations(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    std::vector<CatalogEntry> entries;
    const std::vector<SchemaName> own = OwnOf(schemas);
    if (own.empty()) return entries;
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    DOPPEL_ASSIGN_OR_RETURN(
        const Rows rows, session->Query(RelationsQuery(own), std::move(stop)));
    for (const auto& row : rows.rows) {
      DOPPEL_RET_CHECK(row.size() == 3 && row[0] && row[1] && row[2]);
      CatalogEntry entry;
      entry.name = {database_, *row[0], *row[1]};
      entry.kind = KindOf(*row[2]);
      entries.push_back(std::move(entry));
    }
    SortByName(entries);
    return entries;
  }

  absl::StatusOr<std::vector<SchemaName>> ExistingSchemas(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    const std::vector<SchemaName> own = OwnOf(schemas);
    if (own.empty()) return own;
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    DOPPEL_ASSIGN_OR_RETURN(
        const Rows rows,
        session->Query("select nspname::varchar from pg_namespace",
                       std::move(stop)));
    return postgres::ReadSchemas(rows, own, database_);
  }

 private:
  // Those of the connection's database, as the catalog spells them.
  std::vector<SchemaName> OwnOf(std::span<const SchemaName> schemas) const {
    std::vector<SchemaName> own = WithDatabases(schemas, database_);
    for (SchemaName& schema : own) {
      absl::AsciiStrToLower(&schema.database);
      absl::AsciiStrToLower(&schema.schema);
    }
    std::erase_if(own, [this](const SchemaName& schema) {
      return schema.database != database_;
    });
    return own;
  }

  const dialect::Dialect* const dialect_;
  const std::string database_;
  adbc::Server server_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<Warehouse>> OpenRedshift(
    const Credentials& credentials, const std::string& driver_dir) {
  DOPPEL_ASSIGN_OR_RETURN(const adbc::Driver* const driver,
                          adbc::LoadDriver({kLibrary, kEntryPoint, driver_dir,
                                            postgres::MapError}));
  DOPPEL_ASSIGN_OR_RETURN(const dialect::Dialect* const dialect,
                          dialect::FindDialect("redshift"));
  return std::make_shared<RedshiftWarehouse>(driver, dialect, credentials);
}

}  // namespace doppel::warehouse::redshift

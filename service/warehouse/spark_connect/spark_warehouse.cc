#include "service/warehouse/spark_connect/spark_warehouse.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/relation_details.h"
#include "service/base/status_macros.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/listing.h"
#include "service/warehouse/spark_connect/catalog.h"
#include "service/warehouse/spark_connect/client.h"
#include "service/warehouse/spark_connect/details.h"

namespace doppel::warehouse::spark_connect {
namespace {

class SparkWarehouse final : public Warehouse {
 public:
  SparkWarehouse(const dialect::Dialect* dialect,
                 const Credentials& credentials)
      : dialect_(*dialect), credentials_(credentials), client_(credentials) {}

  const dialect::Dialect& dialect() const override { return dialect_; }
  std::string default_database() const override {
    return credentials_.database;
  }

  absl::StatusOr<std::unique_ptr<Session>> Connect() override {
    return client_.Connect(NewUuid());
  }
  absl::StatusOr<std::unique_ptr<Session>> ConnectAs(
      absl::string_view name) override {
    return client_.Connect(name);
  }
  absl::Status EndSession(absl::string_view name,
                          std::stop_token stop) override {
    return client_.End(name, std::move(stop));
  }

  absl::StatusOr<std::vector<CatalogEntry>> ListRelations(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    std::vector<CatalogEntry> all;
    if (schemas.empty()) return all;
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    for (const auto& [database, names] : ByDatabase(schemas)) {
      DOPPEL_ASSIGN_OR_RETURN(std::vector<CatalogEntry> entries,
                              IsUnityCatalog(database)
                                  ? ListUnity(*session, database, names, stop)
                                  : ListShown(*session, database, names, stop));
      std::move(entries.begin(), entries.end(), std::back_inserter(all));
    }
    SortByName(all);
    return all;
  }

  absl::StatusOr<std::vector<SchemaName>> ExistingSchemas(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    std::vector<SchemaName> existing;
    if (schemas.empty()) return existing;
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    for (const auto& [database, names] : ByDatabase(schemas)) {
      DOPPEL_ASSIGN_OR_RETURN(const std::set<std::string> there,
                              SchemasOf(*session, database, stop));
      for (const std::string& name : names) {
        if (there.contains(absl::AsciiStrToLower(name))) {
          existing.push_back({database, name});
        }
      }
    }
    return existing;
  }

  absl::StatusOr<std::vector<RelationDetails>> Describe(
      std::span<const DetailsWish> wishes, std::stop_token stop) override {
    std::vector<RelationDetails> details;
    if (wishes.empty()) return details;
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    return ReadDetails(session.get(), dialect_, wishes, std::move(stop));
  }

 private:
  std::map<std::string, std::vector<std::string>> ByDatabase(
      std::span<const SchemaName> schemas) const {
    std::map<std::string, std::vector<std::string>> by_database;
    for (const SchemaName& schema :
         WithDatabases(schemas, credentials_.database)) {
      by_database[schema.database].push_back(schema.schema);
    }
    return by_database;
  }

  // In lower case, as Spark stores them.
  absl::StatusOr<std::set<std::string>> SchemasOf(Session& session,
                                                  absl::string_view database,
                                                  std::stop_token stop) {
    DOPPEL_ASSIGN_OR_RETURN(
        const Rows rows,
        session.Query(ShowSchemas(dialect_, database), std::move(stop)));
    std::set<std::string> schemas;
    for (const auto& row : rows.rows) {
      if (row.empty()) continue;
      schemas.insert(absl::AsciiStrToLower(row[0].value_or("")));
    }
    return schemas;
  }

  absl::StatusOr<std::vector<CatalogEntry>> ListUnity(
      Session& session, const std::string& database,
      const std::vector<std::string>& schemas, std::stop_token stop) {
    DOPPEL_ASSIGN_OR_RETURN(
        const Rows rows,
        session.Query(InformationSchema(dialect_, database, schemas),
                      std::move(stop)));
    return ReadInformationSchema(rows, database);
  }

  // SHOW TABLE EXTENDED fails for a schema that is not there.
  absl::StatusOr<std::vector<CatalogEntry>> ListShown(
      Session& session, const std::string& database,
      const std::vector<std::string>& schemas, const std::stop_token& stop) {
    DOPPEL_ASSIGN_OR_RETURN(const std::set<std::string> there,
                            SchemasOf(session, database, stop));
    std::vector<Listed> listed;
    for (const std::string& name : schemas) {
      if (!there.contains(absl::AsciiStrToLower(name))) continue;
      const SchemaName schema = {database, name};
      DOPPEL_ASSIGN_OR_RETURN(
          const Rows rows, session.Query(ShowTables(dialect_, schema), stop));
      DOPPEL_ASSIGN_OR_RETURN(std::vector<Listed> shown,
                              ReadShownTables(rows, schema));
      std::move(shown.begin(), shown.end(), std::back_inserter(listed));
    }
    return AddVersions(session, std::move(listed), stop);
  }

  // Where the commits cannot be listed (Databricks lets nobody read the files
  // of a table), tables have no version.
  absl::StatusOr<std::vector<CatalogEntry>> AddVersions(
      Session& session, std::vector<Listed> listed,
      const std::stop_token& stop) {
    absl::btree_map<std::string, std::string> commits;
    for (const std::string& statement : NewestCommits(listed)) {
      const auto rows = session.Query(statement, stop);
      if (rows.ok()) {
        ReadCommits(*rows, &commits);
      } else if (GetReason(rows.status()) !=
                     Reason::kWarehouseStatementFailed &&
                 GetReason(rows.status()) !=
                     Reason::kWarehousePermissionDenied) {
        return rows.status();
      }
    }
    return WithVersions(std::move(listed), commits);
  }

  const dialect::Dialect& dialect_;
  const Credentials credentials_;
  Client client_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<Warehouse>> OpenSpark(
    const Credentials& credentials) {
  DOPPEL_ASSIGN_OR_RETURN(const dialect::Dialect* const dialect,
                          dialect::FindDialect(credentials.type));
  return std::make_shared<SparkWarehouse>(dialect, credentials);
}

}  // namespace doppel::warehouse::spark_connect

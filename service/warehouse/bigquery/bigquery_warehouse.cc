#include "service/warehouse/bigquery/bigquery_warehouse.h"

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
#include "absl/time/time.h"
#include "service/base/status_macros.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/adbc/driver.h"
#include "service/warehouse/adbc/server.h"
#include "service/warehouse/bigquery/catalog.h"
#include "service/warehouse/bigquery/errors.h"
#include "service/warehouse/listing.h"

namespace doppel::warehouse::bigquery {
namespace {

constexpr char kLibrary[] = "libadbc_driver_bigquery.so";
constexpr char kEntryPoint[] = "AdbcDriverBigqueryInit";

class BigQueryWarehouse final : public Warehouse {
 public:
  BigQueryWarehouse(const adbc::Driver* driver, const dialect::Dialect* dialect,
                    const Credentials& credentials)
      : dialect_(dialect),
        project_(credentials.project),
        location_(credentials.location),
        server_(driver, SpecOf(credentials)) {}

  const dialect::Dialect& dialect() const override { return *dialect_; }
  std::string default_database() const override { return project_; }

  absl::StatusOr<std::unique_ptr<Session>> Connect() override {
    return server_.Connect();
  }

  absl::StatusOr<std::vector<CatalogEntry>> ListRelations(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    std::vector<CatalogEntry> entries;
    if (schemas.empty()) return entries;
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    DOPPEL_ASSIGN_OR_RETURN(const auto groups, Groups(*session, schemas, stop));
    for (const std::vector<SchemaName>& datasets : groups) {
      const absl::StatusOr<Rows> rows =
          session->Query(RelationsQuery(*dialect_, datasets), stop);
      if (location_.empty() && IsMissingObject(rows.status())) continue;
      DOPPEL_RETURN_IF_ERROR(rows.status());
      DOPPEL_RETURN_IF_ERROR(
          AppendRelations(*rows, datasets.front().database, &entries));
    }
    SortByName(entries);
    return entries;
  }

  absl::StatusOr<std::vector<SchemaName>> ExistingSchemas(
      std::span<const SchemaName> schemas, std::stop_token stop) override {
    if (schemas.empty()) return std::vector<SchemaName>();
    DOPPEL_ASSIGN_OR_RETURN(const auto session, Connect());
    return Existing(*session, schemas, stop);
  }

 private:
  // The driver asks for nothing when it connects, and then tries for as long
  // as it is let: so a session begins with a question and an end to it.
  static adbc::ServerSpec SpecOf(const Credentials& credentials) {
    adbc::ServerSpec spec;
    spec.options = credentials.options;
    spec.setup = {"select 1"};
    spec.secrets = credentials.secrets;
    spec.statement_options = {credentials.statement_options,
                              credentials.statement_numbers};
    spec.setup_limit = absl::Seconds(credentials.connect_seconds);
    return spec;
  }

  static std::map<std::string, std::vector<SchemaName>> ByProject(
      const std::vector<SchemaName>& schemas) {
    std::map<std::string, std::vector<SchemaName>> by_project;
    for (const SchemaName& schema : schemas) {
      by_project[schema.database].push_back(schema);
    }
    return by_project;
  }

  // Datasets that one statement can list: one job has one location.
  absl::StatusOr<std::vector<std::vector<SchemaName>>> Groups(
      Session& session, std::span<const SchemaName> schemas,
      const std::stop_token& stop) const {
    std::vector<std::vector<SchemaName>> groups;
    if (location_.empty()) {
      for (const SchemaName& dataset : WithDatabases(schemas, project_)) {
        groups.push_back({dataset});
      }
      return groups;
    }
    DOPPEL_ASSIGN_OR_RETURN(const std::vector<SchemaName> existing,
                            Existing(session, schemas, stop));
    for (auto& [project, datasets] : ByProject(existing)) {
      groups.push_back(datasets);
    }
    return groups;
  }

  absl::StatusOr<std::vector<SchemaName>> Existing(
      Session& session, std::span<const SchemaName> schemas,
      const std::stop_token& stop) const {
    std::vector<SchemaName> asked = WithDatabases(schemas, project_);
    std::set<SchemaName> existing;
    if (location_.empty()) {
      DOPPEL_RETURN_IF_ERROR(Probe(session, asked, stop, &existing));
    } else {
      for (const auto& [project, _] : ByProject(asked)) {
        DOPPEL_ASSIGN_OR_RETURN(
            const Rows rows,
            session.Query(DatasetsQuery(*dialect_, project, location_), stop));
        for (const auto& row : rows.rows) {
          existing.insert({project, row[0].value_or("")});
        }
      }
    }
    std::erase_if(asked, [&](const SchemaName& schema) {
      return !existing.contains(schema);
    });
    return asked;
  }

  absl::Status Probe(Session& session, const std::vector<SchemaName>& asked,
                     const std::stop_token& stop,
                     std::set<SchemaName>* existing) const {
    for (const SchemaName& dataset : asked) {
      const absl::Status status =
          session.Execute(DatasetProbe(*dialect_, dataset), stop);
      if (IsMissingObject(status)) continue;
      DOPPEL_RETURN_IF_ERROR(status);
      existing->insert(dataset);
    }
    return absl::OkStatus();
  }

  const dialect::Dialect* const dialect_;
  const std::string project_;
  const std::string location_;
  adbc::Server server_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<Warehouse>> OpenBigQuery(
    const Credentials& credentials, const std::string& driver_dir) {
  DOPPEL_ASSIGN_OR_RETURN(
      const adbc::Driver* const driver,
      adbc::LoadDriver({kLibrary, kEntryPoint, driver_dir, MapError}));
  DOPPEL_ASSIGN_OR_RETURN(const dialect::Dialect* const dialect,
                          dialect::FindDialect("bigquery"));
  return std::make_shared<BigQueryWarehouse>(driver, dialect, credentials);
}

absl::Status CheckDriver(const std::string& driver_dir) {
  return adbc::FindDriver(kLibrary, driver_dir).status();
}

}  // namespace doppel::warehouse::bigquery

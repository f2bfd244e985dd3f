#include "service/warehouse/bigquery/catalog.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "service/base/digest.h"
#include "service/base/status_macros.h"

namespace doppel::warehouse::bigquery {
namespace {

using Row = std::vector<std::optional<std::string>>;

// The columns of RelationsQuery.
enum Column : size_t {
  kDataset,
  kName,
  kType,
  kBytes,
  kRowCount,
  kCreated,
  kModified,
  kEnd
};

constexpr size_t kVersionSize = 32;

RelationKind KindOf(absl::string_view type) {
  if (type == "VIEW") return RelationKind::kView;
  if (type == "MATERIALIZED VIEW") return RelationKind::kMaterializedView;
  if (type == "EXTERNAL") return RelationKind::kExternal;
  if (type == "BASE TABLE" || type == "CLONE" || type == "SNAPSHOT") {
    return RelationKind::kTable;
  }
  return RelationKind::kUnknown;
}

int64_t NumberOf(const std::optional<std::string>& text) {
  int64_t number = -1;
  if (!text || !absl::SimpleAtoi(*text, &number)) return -1;
  return number;
}

std::string VersionOf(const Row& row) {
  std::string facts;
  for (const Column column : {kType, kBytes, kRowCount, kCreated, kModified}) {
    absl::StrAppend(&facts, row[column].value_or(""), ";");
  }
  return Sha256Hex(facts).substr(0, kVersionSize);
}

std::string QueryOf(const std::string& dataset) {
  return absl::StrCat(
      "select t.table_schema, t.table_name, t.table_type, s.size_bytes, "
      "s.row_count, s.creation_time, s.last_modified_time from ",
      dataset, ".INFORMATION_SCHEMA.TABLES t left join ", dataset,
      ".__TABLES__ s on s.table_id = t.table_name");
}

}  // namespace

// INFORMATION_SCHEMA knows the kinds, __TABLES__ when each was last modified.
std::string RelationsQuery(const dialect::Dialect& dialect,
                           std::span<const SchemaName> datasets) {
  std::vector<std::string> queries;
  for (const SchemaName& dataset : datasets) {
    queries.push_back(QueryOf(dialect.RenderSchema(dataset, {})));
  }
  return absl::StrJoin(queries, " union all ");
}

absl::Status AppendRelations(const Rows& rows, absl::string_view project,
                             std::vector<CatalogEntry>* entries) {
  DOPPEL_RET_CHECK(rows.columns.size() == kEnd);
  for (const Row& row : rows.rows) {
    DOPPEL_RET_CHECK(row[kDataset] && row[kName] && row[kType]);
    CatalogEntry entry;
    entry.name = {std::string(project), *row[kDataset], *row[kName]};
    entry.kind = KindOf(*row[kType]);
    entry.version = VersionOf(row);
    entry.size_bytes = NumberOf(row[kBytes]);
    entry.row_count = NumberOf(row[kRowCount]);
    entries->push_back(std::move(entry));
  }
  return absl::OkStatus();
}

std::string DatasetsQuery(const dialect::Dialect& dialect,
                          absl::string_view project,
                          absl::string_view location) {
  const SchemaName region = {std::string(project),
                             absl::StrCat("region-", location)};
  return absl::StrCat("select schema_name from ",
                      dialect.RenderSchema(region, {}),
                      ".INFORMATION_SCHEMA.SCHEMATA");
}

std::string DatasetProbe(const dialect::Dialect& dialect,
                         const SchemaName& dataset) {
  return absl::StrCat("select count(*) from ",
                      dialect.RenderSchema(dataset, {}),
                      ".INFORMATION_SCHEMA.TABLES where false");
}

}  // namespace doppel::warehouse::bigquery

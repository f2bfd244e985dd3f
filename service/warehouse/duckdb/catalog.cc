#include "service/warehouse/duckdb/catalog.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "service/base/digest.h"
#include "service/base/status_macros.h"
#include "service/warehouse/listing.h"

namespace doppel::warehouse::duckdb {
namespace {

// The columns of RelationsQuery.
enum Column : size_t { kDatabase, kSchema, kName, kKind, kCount, kSql, kEnd };

constexpr size_t kVersionSize = 32;

// DuckDB compares names without regard to the case of ASCII letters.
SchemaName Folded(const SchemaName& name) {
  return {absl::AsciiStrToLower(name.database),
          absl::AsciiStrToLower(name.schema)};
}

std::set<SchemaName> AllFolded(std::span<const SchemaName> schemas) {
  std::set<SchemaName> folded;
  for (const SchemaName& schema : schemas) folded.insert(Folded(schema));
  return folded;
}

// lower() folds other letters, too, so it lets a little too much through.
std::string IsWanted(std::span<const SchemaName> schemas) {
  std::vector<std::string> pairs;
  for (const SchemaName& schema : schemas) {
    pairs.push_back(absl::StrCat("(lower(", Literal(schema.database),
                                 "), lower(", Literal(schema.schema), "))"));
  }
  return absl::StrCat("(lower(database_name), lower(schema_name)) in (",
                      absl::StrJoin(pairs, ", "), ")");
}

std::string VersionOf(const std::vector<std::optional<std::string>>& row) {
  const std::string all =
      absl::StrCat(*row[kKind], "\n", row[kCount].value_or(""), "\n",
                   row[kSql].value_or(""));
  return Sha256Hex(all).substr(0, kVersionSize);
}

CatalogEntry EntryOf(const std::vector<std::optional<std::string>>& row) {
  CatalogEntry entry;
  entry.name = {*row[kDatabase], *row[kSchema], *row[kName]};
  entry.kind =
      *row[kKind] == "view" ? RelationKind::kView : RelationKind::kTable;
  entry.version = VersionOf(row);
  int64_t count = 0;
  if (row[kCount] && absl::SimpleAtoi(*row[kCount], &count)) {
    entry.row_count = count;
  }
  return entry;
}

}  // namespace

std::string RelationsQuery(std::span<const SchemaName> schemas) {
  const std::string wanted = IsWanted(schemas);
  return absl::StrCat(
      "select database_name, schema_name, table_name, 'table', "
      "estimated_size, sql from duckdb_tables() "
      "where not internal and not temporary and ",
      wanted,
      " union all select database_name, schema_name, view_name, 'view', null, "
      "sql from duckdb_views() where not internal and not temporary and ",
      wanted);
}

absl::StatusOr<std::vector<CatalogEntry>> ReadRelations(
    const Rows& rows, std::span<const SchemaName> schemas) {
  DOPPEL_RET_CHECK(rows.columns.size() == kEnd);
  const std::set<SchemaName> wanted = AllFolded(schemas);
  std::vector<CatalogEntry> entries;
  for (const auto& row : rows.rows) {
    DOPPEL_RET_CHECK(row[kDatabase] && row[kSchema] && row[kName] &&
                     row[kKind]);
    CatalogEntry entry = EntryOf(row);
    if (!wanted.contains(Folded(entry.name.schema_name()))) continue;
    entries.push_back(std::move(entry));
  }
  SortByName(entries);
  return entries;
}

std::string SchemasQuery() {
  return "select database_name, schema_name from duckdb_schemas()";
}

std::vector<SchemaName> ReadSchemas(const Rows& rows,
                                    std::span<const SchemaName> schemas) {
  std::set<SchemaName> existing;
  for (const auto& row : rows.rows) {
    existing.insert(Folded({row[0].value_or(""), row[1].value_or("")}));
  }
  std::vector<SchemaName> found;
  for (const SchemaName& schema : schemas) {
    if (existing.contains(Folded(schema))) found.push_back(schema);
  }
  return found;
}

}  // namespace doppel::warehouse::duckdb

#include "service/warehouse/snowflake/catalog.h"

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
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "service/base/digest.h"
#include "service/base/status_macros.h"
#include "service/warehouse/listing.h"

namespace doppel::warehouse::snowflake {
namespace {

using Row = std::vector<std::optional<std::string>>;

// The columns of RelationsQuery.
enum Column : size_t {
  kSchema,
  kName,
  kType,
  kIsDynamic,
  kBytes,
  kRowCount,
  kCreated,
  kAltered,
  kText,
  kEnd
};

constexpr size_t kVersionSize = 32;

// A backslash escapes in Snowflake's string literals.
std::string EscapedLiteral(absl::string_view text) {
  return Literal(absl::StrReplaceAll(text, {{"\\", "\\\\"}}));
}

std::string InformationSchema(const dialect::Dialect& dialect,
                              absl::string_view database) {
  return dialect.RenderSchema({std::string(database), "INFORMATION_SCHEMA"},
                              {true, true, true});
}

RelationKind KindOf(const Row& row) {
  const std::string type = row[kType].value_or("");
  if (row[kIsDynamic] == "YES") return RelationKind::kDynamicTable;
  if (type == "VIEW") return RelationKind::kView;
  if (type == "MATERIALIZED VIEW") return RelationKind::kMaterializedView;
  if (type == "EXTERNAL TABLE") return RelationKind::kExternal;
  if (type == "BASE TABLE" || type == "TEMPORARY TABLE") {
    return RelationKind::kTable;
  }
  return RelationKind::kUnknown;  // an event table, and what is yet to come
}

int64_t NumberOf(const std::optional<std::string>& text) {
  int64_t number = -1;
  if (!text || !absl::SimpleAtoi(*text, &number)) return -1;
  return number;
}

std::string VersionOf(const Row& row) {
  std::string facts;
  for (const Column column :
       {kType, kIsDynamic, kBytes, kRowCount, kCreated, kAltered, kText}) {
    // A length before each, so that no two rows say the same.
    const std::string fact = row[column].value_or("");
    absl::StrAppend(&facts, fact.size(), ":", fact);
  }
  return Sha256Hex(facts).substr(0, kVersionSize);
}

}  // namespace

// A view stands in both; its text is in the second alone.
std::string RelationsQuery(const dialect::Dialect& dialect,
                           absl::string_view database,
                           std::span<const SchemaName> schemas) {
  const std::string from = InformationSchema(dialect, database);
  std::vector<std::string> names;
  for (const SchemaName& schema : schemas) {
    names.push_back(EscapedLiteral(schema.schema));
  }
  const std::string where =
      absl::StrCat(" where table_schema in (", absl::StrJoin(names, ", "), ")");
  return absl::StrCat(
      "select coalesce(t.table_schema, v.table_schema) as table_schema, "
      "coalesce(t.table_name, v.table_name) as table_name, "
      "coalesce(t.table_type, 'VIEW') as table_type, t.is_dynamic, t.bytes, "
      "t.row_count, coalesce(t.created, v.created) as created, "
      "coalesce(t.last_altered, v.last_altered) as last_altered, "
      "v.view_definition from "
      "(select table_schema, table_name, table_type, is_dynamic, bytes, "
      "row_count, created, last_altered from ",
      from, ".tables", where,
      ") t full outer join "
      "(select table_schema, table_name, created, last_altered, "
      "view_definition from ",
      from, ".views", where,
      ") v on t.table_schema = v.table_schema and "
      "t.table_name = v.table_name");
}

absl::Status AppendRelations(const Rows& rows, absl::string_view database,
                             std::vector<CatalogEntry>* entries) {
  DOPPEL_RET_CHECK(rows.columns.size() == kEnd);
  for (const Row& row : rows.rows) {
    DOPPEL_RET_CHECK(row[kSchema] && row[kName]);
    CatalogEntry entry;
    entry.name = {std::string(database), *row[kSchema], *row[kName]};
    entry.kind = KindOf(row);
    entry.version = VersionOf(row);
    entry.size_bytes = NumberOf(row[kBytes]);
    entry.row_count = NumberOf(row[kRowCount]);
    entries->push_back(std::move(entry));
  }
  return absl::OkStatus();
}

std::string SchemasQuery(const dialect::Dialect& dialect,
                         absl::string_view database) {
  return absl::StrCat("select schema_name from ",
                      InformationSchema(dialect, database), ".schemata");
}

}  // namespace doppel::warehouse::snowflake

#include "service/warehouse/clickhouse/catalog.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "service/base/digest.h"
#include "service/base/status_macros.h"
#include "service/dialect/sql_names.h"
#include "service/warehouse/listing.h"

namespace doppel::warehouse::clickhouse {
namespace {

using Row = std::vector<std::optional<std::string>>;

// The columns of RelationsQuery.
enum Column : size_t {
  kSchema,
  kName,
  kEngine,
  kDefinition,
  kIdentity,
  kParts,
  kRows,
  kBytes,
  kEnd
};

constexpr size_t kVersionSize = 32;

std::string IsWanted(std::span<const SchemaName> schemas) {
  std::vector<std::string> names;
  for (const SchemaName& schema : schemas) {
    names.push_back(Quoted(schema.schema));
  }
  return absl::StrCat("database in (", absl::StrJoin(names, ", "), ")");
}

// One row for each table that has parts. A part that no mutation made has the
// number of its first block for a data version.
std::string PartsQuery(absl::string_view wanted) {
  return absl::StrCat(
      "select database, table, hex(sipHash128(arraySort(groupArray("
      "(partition_id, first, last, mutation, total))))) as state from ("
      "select database, table, partition_id, min(min_block_number) as first, "
      "max(max_block_number) as last, "
      "max(if(data_version = min_block_number, 0, data_version)) as mutation, "
      "sum(rows) as total from system.parts where active and ",
      wanted,
      " group by database, table, partition_id) group by database, table");
}

RelationKind KindOf(absl::string_view engine) {
  if (engine == "MaterializedView") return RelationKind::kMaterializedView;
  if (engine == "Dictionary") return RelationKind::kExternal;
  return absl::EndsWith(engine, "View") ? RelationKind::kView
                                        : RelationKind::kTable;
}

std::string VersionOf(const Row& row, RelationKind kind) {
  std::string all = absl::StrCat(
      *row[kEngine], "\n", dialect::AfterName(row[kDefinition].value_or("")));
  if (kind != RelationKind::kView) {
    const std::string parts = row[kParts].value_or("");
    absl::StrAppend(&all, "\n", row[kIdentity].value_or(""), "\n", parts);
    if (parts.empty()) {
      absl::StrAppend(&all, "\n", row[kRows].value_or(""), "\n",
                      row[kBytes].value_or(""));
    }
  }
  return Sha256Hex(all).substr(0, kVersionSize);
}

int64_t NumberOr(const std::optional<std::string>& text, int64_t otherwise) {
  int64_t number = 0;
  return text && absl::SimpleAtoi(*text, &number) ? number : otherwise;
}

CatalogEntry EntryOf(const Row& row) {
  CatalogEntry entry;
  entry.name = {"", *row[kSchema], *row[kName]};
  entry.kind = KindOf(*row[kEngine]);
  entry.version = VersionOf(row, entry.kind);
  entry.size_bytes = NumberOr(row[kBytes], -1);
  entry.row_count = NumberOr(row[kRows], -1);
  if (entry.kind == RelationKind::kTable) {
    entry.engine = absl::AsciiStrToLower(*row[kEngine]);
  }
  return entry;
}

}  // namespace

std::string Quoted(absl::string_view text) {
  return absl::StrCat(
      "'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

std::string RelationsQuery(std::span<const SchemaName> schemas) {
  const std::string wanted = IsWanted(schemas);
  return absl::StrCat(
      "select t.database, t.name, t.engine, t.create_table_query, "
      "toString(t.uuid), p.state, t.total_rows, t.total_bytes "
      "from system.tables t left join (",
      PartsQuery(wanted),
      ") p on p.database = t.database and p.table = "
      "if(t.target_database = t.database, t.target_table, t.name) "
      "where t.",
      wanted,
      " and not t.is_temporary and "
      "not startsWith(t.name, '.inner.') and "
      "not startsWith(t.name, '.inner_id.')");
}

absl::StatusOr<std::vector<CatalogEntry>> ReadRelations(const Rows& rows) {
  DOPPEL_RET_CHECK(rows.columns.size() == kEnd);
  std::vector<CatalogEntry> entries;
  entries.reserve(rows.rows.size());
  for (const Row& row : rows.rows) {
    DOPPEL_RET_CHECK(row[kSchema] && row[kName] && row[kEngine]);
    entries.push_back(EntryOf(row));
  }
  SortByName(entries);
  return entries;
}

std::string SchemasQuery() { return "select name from system.databases"; }

std::vector<SchemaName> ReadSchemas(const Rows& rows,
                                    std::span<const SchemaName> schemas) {
  std::set<std::string> existing;
  for (const Row& row : rows.rows) existing.insert(row[0].value_or(""));
  std::vector<SchemaName> found;
  for (const SchemaName& schema : schemas) {
    if (existing.contains(schema.schema)) found.push_back(schema);
  }
  return found;
}

std::string DetailsQuery(std::span<const DetailsWish> wishes) {
  std::set<std::string> names;
  for (const DetailsWish& wish : wishes) {
    names.insert(absl::StrCat("(", Quoted(wish.name.schema), ", ",
                              Quoted(wish.name.identifier), ")"));
  }
  return absl::StrCat(
      "select database, name, engine, create_table_query, comment from "
      "system.tables "
      "where (database, name) in (",
      absl::StrJoin(names, ", "), ")");
}

std::vector<RelationDetails> ReadDetails(const Rows& rows,
                                         std::span<const DetailsWish> wishes) {
  std::vector<RelationDetails> all;
  for (const DetailsWish& wish : wishes) {
    RelationDetails& details = all.emplace_back();
    details.name = wish.name;
    for (const Row& row : rows.rows) {
      if (row[0] != wish.name.schema || row[1] != wish.name.identifier) {
        continue;
      }
      details.kind = KindOf(row[2].value_or(""));
      if (details.kind == RelationKind::kView) {
        details.definition = dialect::AfterName(row[3].value_or(""));
      } else {
        details.comment = row[4].value_or("");
      }
    }
  }
  return all;
}

std::string LeftoversQuery(std::span<const RelationName> made) {
  std::vector<std::string> starts;
  for (const RelationName& name : made) {
    starts.push_back(
        absl::StrCat("(database = ", Quoted(name.schema),
                     " and startsWith(name, concat('_tmp_replace_', "
                     "leftPad(lower(hex(sipHash64(concat(",
                     Quoted(name.schema), ", ", Quoted(name.identifier),
                     ")))), 16, '0'), '_')))"));
  }
  return absl::StrCat("select database, name from system.tables where ",
                      absl::StrJoin(starts, " or "));
}

}  // namespace doppel::warehouse::clickhouse

#include "service/warehouse/spark_connect/catalog.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/base/digest.h"
#include "service/base/error.h"
#include "service/warehouse/listing.h"

namespace doppel::warehouse::spark_connect {
namespace {

absl::Status Unexpected(absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition,
               Reason::kWarehouseStatementFailed,
               absl::StrCat("Spark's catalog cannot be read: ", what));
}

// Spark's string literals: a backslash escapes.
std::string Text(absl::string_view text) {
  return absl::StrCat(
      "'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

// The kind in the words of SHOW TABLE EXTENDED and of information_schema.
RelationKind KindOf(absl::string_view type) {
  if (type == "VIEW") return RelationKind::kView;
  if (type == "MATERIALIZED_VIEW") return RelationKind::kMaterializedView;
  if (type == "FOREIGN") return RelationKind::kExternal;
  // MANAGED, EXTERNAL, STREAMING_TABLE, MANAGED_SHALLOW_CLONE, ...
  return RelationKind::kTable;
}

// What a line of `information` says behind "key: ". A view's text may have
// lines that look like others, so the first one counts: the text comes late.
absl::string_view LineOf(absl::string_view information, absl::string_view key) {
  for (absl::string_view line : absl::StrSplit(information, '\n')) {
    if (absl::ConsumePrefix(&line, key) && absl::ConsumePrefix(&line, ": ")) {
      return line;
    }
  }
  return "";
}

// All that is said of a view, but for when it was last looked at.
std::string ViewVersion(absl::string_view information) {
  std::vector<absl::string_view> lines = absl::StrSplit(information, '\n');
  std::erase_if(lines, [](absl::string_view line) {
    return absl::StartsWith(line, "Last Access: ");
  });
  return Sha256Hex(absl::StrJoin(lines, "\n"));
}

Listed ReadShown(absl::string_view name, absl::string_view information,
                 const SchemaName& schema) {
  Listed listed;
  listed.entry.name = {schema.database, schema.schema, std::string(name)};
  listed.entry.kind = KindOf(LineOf(information, "Type"));
  if (listed.entry.kind == RelationKind::kView) {
    listed.entry.version = ViewVersion(information);
  } else if (LineOf(information, "Provider") == "delta") {
    listed.entry.version = std::string(LineOf(information, "Created Time"));
    listed.location = std::string(LineOf(information, "Location"));
  }
  return listed;
}

// The folder in which a table's own one stands; "" where a pattern cannot name
// it.
absl::string_view FolderOf(absl::string_view location) {
  const size_t slash = location.rfind('/');
  if (slash == absl::string_view::npos) return "";
  const absl::string_view folder = location.substr(0, slash);
  constexpr absl::string_view kSpecial = "*?[]{}\\`%";
  return folder.find_first_of(kSpecial) == absl::string_view::npos ? folder
                                                                   : "";
}

const std::optional<std::string>& At(const Rows& rows, size_t row,
                                     size_t column) {
  return rows.rows[row][column];
}

}  // namespace

std::string ShowTables(const dialect::Dialect& dialect,
                       const SchemaName& schema) {
  return absl::StrCat("show table extended in ",
                      dialect.RenderSchema(schema, {}), " like '*'");
}

absl::StatusOr<std::vector<Listed>> ReadShownTables(const Rows& rows,
                                                    const SchemaName& schema) {
  // Columns: namespace (or database), tableName, isTemporary, information.
  if (rows.columns.size() != 4) return Unexpected("it has other columns");
  std::vector<Listed> listed;
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    // Temporary views are the session's own, and of no schema.
    if (At(rows, i, 2).value_or("") == "true") continue;
    listed.push_back(ReadShown(At(rows, i, 1).value_or(""),
                               At(rows, i, 3).value_or(""), schema));
  }
  return listed;
}

std::vector<std::string> NewestCommits(std::span<const Listed> tables) {
  std::set<absl::string_view> folders;
  for (const Listed& table : tables) {
    const absl::string_view folder = FolderOf(table.location);
    if (!folder.empty()) folders.insert(folder);
  }
  std::vector<std::string> statements;
  for (const absl::string_view folder : folders) {
    statements.push_back(absl::StrCat(
        "select location, max(commit) from (select regexp_extract(path, "
        "'^(.*)/_delta_log/', 1) as location, concat(substring_index(path, "
        "'/', -1), ' ', cast(unix_micros(modificationTime) as string)) as "
        "commit from binaryFile.`",
        folder, "/*/_delta_log/*.json`) group by location"));
  }
  return statements;
}

void ReadCommits(const Rows& rows,
                 absl::btree_map<std::string, std::string>* commits) {
  for (const auto& row : rows.rows) {
    if (row.size() != 2 || !row[0].has_value()) continue;
    commits->emplace(*row[0], row[1].value_or(""));
  }
}

std::vector<CatalogEntry> WithVersions(
    std::vector<Listed> listed,
    const absl::btree_map<std::string, std::string>& commits) {
  std::vector<CatalogEntry> entries;
  for (Listed& one : listed) {
    if (!one.location.empty()) {
      const auto found = commits.find(one.location);
      if (found == commits.end()) {
        one.entry.version.clear();
      } else {
        absl::StrAppend(&one.entry.version, " ", found->second);
      }
    }
    entries.push_back(std::move(one.entry));
  }
  SortByName(entries);
  return entries;
}

std::string InformationSchema(const dialect::Dialect& dialect,
                              absl::string_view database,
                              std::span<const std::string> schemas) {
  std::vector<std::string> names;
  for (const std::string& schema : schemas) {
    names.push_back(Text(absl::AsciiStrToLower(schema)));
  }
  return absl::StrCat(
      "select t.table_schema, t.table_name, t.table_type, "
      "sha2(v.view_definition, 256) from ",
      dialect.QuoteIdentifier(database),
      ".information_schema.tables t left "
      "join ",
      dialect.QuoteIdentifier(database),
      ".information_schema.views v on "
      "t.table_schema = v.table_schema and t.table_name = v.table_name where "
      "t.table_schema in (",
      absl::StrJoin(names, ", "), ")");
}

absl::StatusOr<std::vector<CatalogEntry>> ReadInformationSchema(
    const Rows& rows, absl::string_view database) {
  if (rows.columns.size() != 4) return Unexpected("it has other columns");
  std::vector<CatalogEntry> entries;
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    CatalogEntry entry;
    entry.name = {std::string(database), At(rows, i, 0).value_or(""),
                  At(rows, i, 1).value_or("")};
    entry.kind = KindOf(At(rows, i, 2).value_or(""));
    entry.version = At(rows, i, 3).value_or("");
    entries.push_back(std::move(entry));
  }
  SortByName(entries);
  return entries;
}

std::string ShowSchemas(const dialect::Dialect& dialect,
                        absl::string_view database) {
  if (database.empty()) return "show schemas";
  return absl::StrCat("show schemas in ", dialect.QuoteIdentifier(database));
}

bool IsUnityCatalog(absl::string_view database) {
  return !database.empty() && database != "hive_metastore" &&
         database != "spark_catalog";
}

}  // namespace doppel::warehouse::spark_connect

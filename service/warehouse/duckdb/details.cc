#include "service/warehouse/duckdb/details.h"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/base/status_macros.h"
#include "service/dialect/sql_names.h"
#include "service/warehouse/listing.h"

namespace doppel::warehouse::duckdb {
namespace {

constexpr dialect::Quoting kAsSpelled = {true, true, true};

// The columns of DetailsQuery; `kWhat` says what `kText` is.
enum Column : size_t { kDatabase, kSchema, kRelation, kWhat, kName, kText };

std::string DetailsQuery(std::span<const DetailsWish> wishes) {
  std::set<std::string> pairs;
  for (const DetailsWish& wish : wishes) {
    pairs.insert(absl::StrCat("(lower(", Literal(wish.name.database),
                              "), lower(", Literal(wish.name.schema), "))"));
  }
  const std::string wanted =
      absl::StrCat("(lower(database_name), lower(schema_name)) in (",
                   absl::StrJoin(pairs, ", "), ")");
  const auto of = [&](absl::string_view table, absl::string_view relation,
                      absl::string_view what, absl::string_view name,
                      absl::string_view text) {
    return absl::StrCat("select database_name, schema_name, ", relation, ", '",
                        what, "', ", name, ", ", text, " from ", table,
                        " where ", text, " is not null and ", wanted);
  };
  return absl::StrJoin(
      {of("duckdb_tables()", "table_name", "table", "''", "sql"),
       of("duckdb_views()", "view_name", "view", "''", "sql"),
       of("duckdb_tables()", "table_name", "comment", "''", "comment"),
       of("duckdb_views()", "view_name", "comment", "''", "comment"),
       of("duckdb_columns()", "table_name", "has column", "''", "column_name"),
       of("duckdb_columns()", "table_name", "column", "column_name", "comment"),
       of("duckdb_indexes()", "table_name", "index", "index_name", "sql")},
      " union all ");
}

// Adds what a row says.
void AddRow(const std::vector<std::optional<std::string>>& row,
            RelationDetails* details) {
  const std::string& what = row[kWhat].value();
  const std::string& text = row[kText].value();
  if (what == "table" || what == "view") {
    details->name = {row[kDatabase].value_or(""), row[kSchema].value_or(""),
                     row[kRelation].value_or("")};
    details->kind = what == "view" ? RelationKind::kView : RelationKind::kTable;
    details->definition = dialect::AfterName(text);
  } else if (what == "comment") {
    details->comment = text;
  } else if (what == "has column") {
    details->columns.push_back(text);
  } else if (what == "column") {
    details->column_comments.emplace_back(row[kName].value_or(""), text);
  } else {
    details->indexes.push_back({row[kName].value_or(""), text});
  }
}

// The sum over all rows: their order does not matter, their number does.
absl::StatusOr<std::string> ContentOf(Session* session,
                                      const dialect::Dialect& dialect,
                                      const RelationName& name,
                                      std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(
      const Rows rows,
      session->Query(
          absl::StrCat("select concat(count(*), ' ', sum(hash(t))) from ",
                       dialect.Render(name, kAsSpelled), " as t"),
          std::move(stop)));
  DOPPEL_RET_CHECK(rows.rows.size() == 1 && rows.rows[0].size() == 1);
  return rows.rows[0][0].value_or("");
}

}  // namespace

absl::StatusOr<std::vector<RelationDetails>> ReadDetails(
    Session* session, const dialect::Dialect& dialect,
    std::span<const DetailsWish> wishes, std::stop_token stop) {
  std::vector<RelationDetails> details(wishes.size());
  std::map<RelationName, std::vector<size_t>> places;
  for (size_t i = 0; i < wishes.size(); ++i) {
    details[i].name = wishes[i].name;
    places[dialect.CatalogKey(wishes[i].name, kAsSpelled)].push_back(i);
  }
  if (wishes.empty()) return details;
  DOPPEL_ASSIGN_OR_RETURN(const Rows rows,
                          session->Query(DetailsQuery(wishes), stop));
  for (const auto& row : rows.rows) {
    DOPPEL_RET_CHECK(row[kWhat] && row[kText]);
    const RelationName name = {row[kDatabase].value_or(""),
                               row[kSchema].value_or(""),
                               row[kRelation].value_or("")};
    const auto found = places.find(dialect.CatalogKey(name, kAsSpelled));
    if (found == places.end()) continue;
    for (const size_t place : found->second) AddRow(row, &details[place]);
  }
  for (size_t i = 0; i < wishes.size(); ++i) {
    if (!wishes[i].content || details[i].kind != RelationKind::kTable) continue;
    DOPPEL_ASSIGN_OR_RETURN(details[i].content,
                            ContentOf(session, dialect, details[i].name, stop));
  }
  return details;
}

}  // namespace doppel::warehouse::duckdb

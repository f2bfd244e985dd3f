#include "service/warehouse/spark_connect/details.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/dialect/sql_names.h"
#include "simdjson.h"

namespace doppel::warehouse::spark_connect {
namespace {

constexpr dialect::Quoting kAsSpelled = {true, true, true};
// As far back as a promotion looks for what it wrote itself.
constexpr int kNewestCommits = 50;

std::string At(const Rows& rows, size_t row, size_t column) {
  if (column >= rows.rows[row].size()) return "";
  return rows.rows[row][column].value_or("");
}

size_t ColumnOf(const Rows& rows, absl::string_view name) {
  return static_cast<size_t>(
      std::find(rows.columns.begin(), rows.columns.end(), name) -
      rows.columns.begin());
}

// DESCRIBE puts names in backticks that need them.
std::string Unquoted(absl::string_view name) {
  if (name.size() < 2 || name.front() != '`' || name.back() != '`') {
    return std::string(name);
  }
  return absl::StrReplaceAll(name.substr(1, name.size() - 2), {{"``", "`"}});
}

// [["a"],["s","x"]] -> `a`, `s`.`x`
std::string ClusteredBy(const dialect::Dialect& dialect,
                        const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::array columns;
  if (parser.parse(json).get(columns) != simdjson::SUCCESS) return "";
  std::vector<std::string> names;
  for (const simdjson::dom::element column : columns) {
    simdjson::dom::array parts;
    if (column.get(parts) != simdjson::SUCCESS) return "";
    std::vector<std::string> quoted;
    for (const simdjson::dom::element part : parts) {
      std::string_view text;
      if (part.get(text) != simdjson::SUCCESS) return "";
      quoted.push_back(dialect.QuoteIdentifier({text.data(), text.size()}));
    }
    names.push_back(absl::StrJoin(quoted, "."));
  }
  return absl::StrJoin(names, ", ");
}

std::string PartitionedBy(const dialect::Dialect& dialect,
                          const Described& described) {
  return absl::StrJoin(described.partitioned_by, ", ",
                       [&](std::string* out, const std::string& column) {
                         out->append(dialect.QuoteIdentifier(column));
                       });
}

std::string PropertyOf(const RelationDetails& details, absl::string_view name) {
  for (const auto& [key, value] : details.properties) {
    if (key == name) return value;
  }
  return "";
}

std::vector<std::string> NotSelected(const Rows& columns,
                                     const RelationDetails& details) {
  std::vector<std::string> lost;
  for (size_t i = 0; i < columns.required.size(); ++i) {
    if (!columns.required[i]) continue;
    lost.push_back(
        absl::StrCat("that the column ", columns.columns[i], " is not null"));
  }
  // Versions 4 to 6 of the protocol do not say what a table uses of them.
  int version = 0;
  const bool may =
      absl::SimpleAtoi(PropertyOf(details, "delta.minWriterVersion"),
                       &version) &&
      version >= 4 && version <= 6;
  for (const auto& [feature, what] :
       {std::pair<absl::string_view, absl::string_view>{
            "delta.feature.generatedColumns", "how columns are generated"},
        {"delta.feature.identityColumns",
         "that a column is one of identities"}}) {
    if (PropertyOf(details, feature) == "supported") {
      lost.emplace_back(what);
    } else if (may) {
      lost.push_back(absl::StrCat(what, " (if any is)"));
    }
  }
  return lost;
}

class Reader {
 public:
  Reader(Session* session, const dialect::Dialect& dialect,
         std::stop_token stop)
      : session_(*session), dialect_(dialect), stop_(std::move(stop)) {}

  absl::StatusOr<RelationDetails> Read(const DetailsWish& wish) {
    RelationDetails details;
    details.name = wish.name;
    const std::string name = dialect_.Render(wish.name, kAsSpelled);
    const auto rows = Query("describe table extended ", name);
    if (!rows.ok()) {
      // There is no such relation.
      if (GetReason(rows.status()) == Reason::kWarehouseStatementFailed) {
        return details;
      }
      return rows.status();
    }
    const Described described = ReadDescribed(*rows);
    details.kind = described.kind;
    details.comment = described.comment;
    if (described.kind == RelationKind::kView) {
      if (wish.definition) {
        DOPPEL_RETURN_IF_ERROR(ReadView(name, described, &details));
      }
    } else if (described.is_delta) {
      DOPPEL_RETURN_IF_ERROR(ReadTable(name, described, wish, &details));
    }
    return details;
  }

 private:
  absl::StatusOr<Rows> Query(absl::string_view what, absl::string_view name,
                             absl::string_view rest = "") {
    return session_.Query(absl::StrCat(what, name, rest), stop_);
  }

  absl::Status ReadView(const std::string& name, const Described& described,
                        RelationDetails* details) {
    if (namespace_.empty()) {
      DOPPEL_ASSIGN_OR_RETURN(
          const Rows here,
          Query("select concat(current_catalog(), '.', current_schema())", ""));
      namespace_ = At(here, 0, 0);
    }
    if (!described.namespace_of_text.empty() &&
        described.namespace_of_text != namespace_) {
      return absl::OkStatus();
    }
    DOPPEL_ASSIGN_OR_RETURN(const Rows shown,
                            Query("show create table ", name));
    if (!shown.rows.empty()) {
      details->definition = dialect::AfterName(At(shown, 0, 0));
    }
    return absl::OkStatus();
  }

  absl::Status ReadTable(const std::string& name, const Described& described,
                         const DetailsWish& wish, RelationDetails* details) {
    if (wish.definition) {
      DOPPEL_ASSIGN_OR_RETURN(const Rows properties,
                              Query("show tblproperties ", name));
      DOPPEL_ASSIGN_OR_RETURN(const Rows columns,
                              Query("select * from ", name, " limit 0"));
      ReadDefinition(dialect_, described, properties, columns, details);
    }
    if (wish.versions) {
      DOPPEL_ASSIGN_OR_RETURN(const Rows history,
                              Query("describe history ", name,
                                    absl::StrCat(" limit ", kNewestCommits)));
      details->versions = ReadHistory(history);
    }
    if (!wish.readable.has_value()) return absl::OkStatus();
    // Opens each of the version's files: count(*) would be answered from the
    // log, as if they were there.
    const auto read = Query("select 1 from ", name,
                            absl::StrCat(" version as of ", *wish.readable,
                                         " where input_file_name() = ''"));
    if (GetReason(read.status()) == Reason::kWarehouseStatementFailed) {
      details->version_lost = std::string(read.status().message());
      return absl::OkStatus();
    }
    return read.status();
  }

  Session& session_;
  const dialect::Dialect& dialect_;
  const std::stop_token stop_;
  std::string namespace_;  // the session's, once it was asked for
};

}  // namespace

Described ReadDescribed(const Rows& rows) {
  Described described;
  absl::string_view section;
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    const std::string name = At(rows, i, 0);
    const std::string value = At(rows, i, 1);
    if (name.empty()) {
      section = "";
    } else if (name == "# Partition Information") {
      section = "partition";
    } else if (name == "# Detailed Table Information") {
      section = "table";
    } else if (section == "partition" && name != "# col_name") {
      described.partitioned_by.push_back(Unquoted(name));
    } else if (section != "table") {
      continue;
    } else if (name == "Type") {
      described.kind =
          value == "VIEW" ? RelationKind::kView : RelationKind::kTable;
    } else if (name == "Provider") {
      described.is_delta = value == "delta";
    } else if (name == "Comment") {
      described.comment = value;
    } else if (name == "View Catalog and Namespace") {
      described.namespace_of_text = value;
    }
  }
  return described;
}

void ReadDefinition(const dialect::Dialect& dialect, const Described& described,
                    const Rows& properties, const Rows& columns,
                    RelationDetails* details) {
  for (size_t i = 0; i < properties.rows.size(); ++i) {
    details->properties.emplace_back(At(properties, i, 0),
                                     At(properties, i, 1));
  }
  const std::string clustered =
      ClusteredBy(dialect, PropertyOf(*details, "clusteringColumns"));
  const std::string partitioned = PartitionedBy(dialect, described);
  if (!clustered.empty()) {
    details->layout = absl::StrCat("cluster by (", clustered, ")");
  } else if (!partitioned.empty()) {
    details->layout = absl::StrCat("partitioned by (", partitioned, ")");
  }
  details->not_selected = NotSelected(columns, *details);
}

std::vector<TableVersion> ReadHistory(const Rows& rows) {
  std::vector<TableVersion> versions;
  const size_t version = ColumnOf(rows, "version");
  const size_t operation = ColumnOf(rows, "operation");
  const size_t mark = ColumnOf(rows, "userMetadata");
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    const std::string what = At(rows, i, operation);
    if (absl::StartsWith(what, "VACUUM") || what == "OPTIMIZE") continue;
    int64_t number = 0;
    if (!absl::SimpleAtoi(At(rows, i, version), &number)) continue;
    versions.push_back({number, At(rows, i, mark)});
  }
  return versions;
}

absl::StatusOr<std::vector<RelationDetails>> ReadDetails(
    Session* session, const dialect::Dialect& dialect,
    std::span<const DetailsWish> wishes, std::stop_token stop) {
  Reader reader(session, dialect, std::move(stop));
  std::vector<RelationDetails> details;
  for (const DetailsWish& wish : wishes) {
    DOPPEL_ASSIGN_OR_RETURN(RelationDetails one, reader.Read(wish));
    details.push_back(std::move(one));
  }
  return details;
}

}  // namespace doppel::warehouse::spark_connect

// Databricks and Spark with Delta Lake: SHALLOW CLONE of Delta tables; no DDL
// in transactions; names are compared without regard to case.
//
// CREATE OR REPLACE TABLE ... SHALLOW CLONE fails on a table that is not empty
// (Delta Lake) or not a shallow clone already (Unity Catalog), so a clone that
// replaces something is made beside it.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/relation_details.h"
#include "service/dialect/delta_versions.h"
#include "service/dialect/families.h"
#include "service/dialect/traits.h"

namespace doppel::dialect {
namespace {

bool IsWord(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isalnum(c) && c != '_') return false;
  }
  return !text.empty();
}

class DeltaDialect final : public TraitsDialect {
 public:
  // `assumed_format` is that of a table of which nothing is said.
  DeltaDialect(absl::string_view type, const NameTraits& names,
               Capabilities capabilities, absl::string_view assumed_format,
               bool has_deep_clone, bool renames_move_files)
      : TraitsDialect(type, names, std::move(capabilities)),
        assumed_format_(assumed_format),
        has_deep_clone_(has_deep_clone),
        renames_move_files_(renames_move_files) {}

  bool CanClone(RelationKind kind, const TableOptions& options) const override {
    const absl::string_view format =
        options.file_format.empty() ? assumed_format_ : options.file_format;
    return kind == RelationKind::kTable && format == "delta";
  }

  std::vector<std::string> CloneTable(const Making& making) const override {
    return Make(
        "table", RelationKind::kTable, making,
        absl::StrCat(" shallow clone ", Source(making), AsOf(making.as_of)));
  }

  std::vector<std::string> CopyTable(const Making& making) const override {
    if (has_deep_clone_ && CanClone(RelationKind::kTable, making.options)) {
      return Make("table", RelationKind::kTable, making,
                  absl::StrCat(" deep clone ", Source(making)));
    }
    const std::string& format = making.options.file_format;
    return Make("table", RelationKind::kTable, making,
                absl::StrCat(IsWord(format) ? " using " : "",
                             IsWord(format) ? format : "", " as select * from ",
                             Source(making)));
  }

  std::vector<std::string> View(const Making& making) const override {
    const std::string body = absl::StrCat(" as ", Query(making));
    if (making.replaces == RelationKind::kView) {
      return {absl::StrCat("create or replace view ", Target(making), body)};
    }
    return Make("view", RelationKind::kView, making, body);
  }

  // Seen of Delta Lake 4.4: CREATE OR REPLACE ... SHALLOW CLONE is refused for
  // a table with rows, and there is no DEEP CLONE, so the rows are written
  // again. Databricks' DEEP CLONE takes all of the definition along, and copies
  // only files that are not there.
  NewVersion MakeVersion(const Making& making, const RelationDetails& source,
                         const RelationDetails& standing,
                         absl::string_view mark) const override {
    const std::string create = absl::StrCat(
        making.replaces == RelationKind::kUnknown ? "create table "
                                                  : "create or replace table ",
        Target(making));
    if (has_deep_clone_) {
      return {
          {Marked(mark), absl::StrCat(create, " deep clone ", Source(making))},
          {},
          {},
          VersionsKeptFor(source.properties)};
    }
    return {
        {Marked(mark), absl::StrCat(create, " ", DeltaClauses(source, standing),
                                    " as select * from ", Source(making))},
        source.not_selected,
        ChangedProperties(source.properties, standing.properties),
        VersionsKeptFor(
            MergedProperties(source.properties, standing.properties))};
  }

  std::vector<std::string> RestoreVersion(
      const RelationName& table, const Quoting& quoting, int64_t version,
      absl::string_view mark) const override {
    return {Marked(mark), absl::StrCat("restore table ", Render(table, quoting),
                                       " to version as of ", version)};
  }

  std::vector<std::string> SwapRelations(
      const Standing& one, const Standing& other,
      const Quoting& quoting) const override {
    if (renames_move_files_) return {};
    return TraitsDialect::SwapRelations(one, other, quoting);
  }

 private:
  // For the session: what the commits of its statements are called in DESCRIBE
  // HISTORY.
  static std::string Marked(absl::string_view mark) {
    return absl::StrCat("set spark.databricks.delta.commitInfo.userMetadata = ",
                        mark);
  }

  static std::string AsOf(std::optional<absl::Time> as_of) {
    if (!as_of.has_value()) return "";
    return absl::StrCat(
        " timestamp as of '",
        absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", *as_of, absl::UTCTimeZone()),
        "'");
  }

  std::vector<std::string> Make(absl::string_view word, RelationKind made,
                                const Making& making,
                                absl::string_view body) const {
    if (making.replaces == RelationKind::kUnknown) {
      return {absl::StrCat("create ", word, " ", Target(making), body)};
    }
    const std::string create = absl::StrCat("create ", word, " ");
    return SwapIn(
        {made, absl::StrCat(create, Target(MakingBeside(making)), body),
         absl::StrCat(create, Target(making), body),
         made == RelationKind::kTable && renames_move_files_},
        making);
  }

  const absl::string_view assumed_format_;
  // Copies of Delta tables that keep what the table is made with.
  const bool has_deep_clone_;
  // A table's files stand in a folder of its name, which a rename moves. A
  // session that has read what stood there before then reads the new files by
  // what it remembers of the old ones (Delta Lake 4.4: rows that are gone, or
  // DELTA_STATE_RECOVER_ERROR), so nothing is renamed to where a table stood.
  const bool renames_move_files_;
};

NameTraits Names() {
  NameTraits names;
  names.quote = '`';
  names.quoted = Folding::kLower;
  names.renames_to_full_name = true;
  names.max_identifier = 255;
  return names;
}

NameTraits DatabricksNames() {
  NameTraits names = Names();
  names.lower_case = true;
  return names;
}

NameTraits SparkNames() {
  NameTraits names = Names();
  names.default_quoting = {false, false, false};
  return names;
}

}  // namespace

const Dialect& Databricks() {
  static const auto* const kDialect = new DeltaDialect(
      "databricks", DatabricksNames(),
      {.zero_copy_clone = true,
       .deepest_clone = 1,
       .time_travel = true,
       .swap = Swap::kVersions,
       .notes = "Shallow clones of Delta tables; pointer views for the rest, "
                "deep clones where the caller asks for copies."},
      "delta", /*has_deep_clone=*/true, /*renames_move_files=*/false);
  return *kDialect;
}

const Dialect& Spark() {
  static const auto* const kDialect = new DeltaDialect(
      "spark", SparkNames(),
      {.zero_copy_clone = true,
       .time_travel = true,
       .swap = Swap::kVersions,
       .has_databases = false,
       .notes =
           "Shallow clones of tables whose file_format is delta; a VACUUM "
           "of the source breaks them. Pointer views for the rest. A "
           "promotion writes new versions of the tables that stand there: "
           "sessions remember files by their table's name, so nothing takes "
           "another's place by a rename."},
      "", /*has_deep_clone=*/false, /*renames_move_files=*/true);
  return *kDialect;
}

}  // namespace doppel::dialect

// BigQuery: zero-copy clones of tables; no DDL in transactions; names in
// backticks keep their case, but a dot in there ends them. A relation never
// leaves its dataset.
//
// CREATE OR REPLACE TABLE ... CLONE fails on a table of another partitioning,
// which is why dbt drops the target first; here the clone is made beside it.
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/dialect/families.h"
#include "service/dialect/traits.h"

namespace doppel::dialect {
namespace {

class BigQueryDialect final : public TraitsDialect {
 public:
  BigQueryDialect()
      : TraitsDialect(
            "bigquery", Names(),
            {.zero_copy_clone = true,
             .deepest_clone = 3,
             .time_travel = true,
             .longest_time_travel = absl::Hours(7 * 24),
             .swap = Swap::kRename,
             .dots_end_names = true,
             .notes = "Clones tables within a region; pointer views for "
                      "views, materialized views and external tables."}) {}

  std::vector<std::string> CloneTable(const Making& making) const override {
    return MakeTable(
        making, absl::StrCat(" clone ", Source(making), AsOf(making.as_of)));
  }

  std::vector<std::string> CopyTable(const Making& making) const override {
    return MakeTable(making, absl::StrCat(" copy ", Source(making)));
  }

  std::vector<std::string> View(const Making& making) const override {
    const std::string body = absl::StrCat(" as ", Query(making));
    const std::string create =
        absl::StrCat("create view ", Target(making), body);
    if (making.replaces == RelationKind::kUnknown) return {create};
    if (making.replaces == RelationKind::kView) {
      return {absl::StrCat("create or replace view ", Target(making), body)};
    }
    return SwapIn({RelationKind::kView,
                   absl::StrCat("create or replace view ",
                                Target(MakingBeside(making)), body),
                   create},
                  making);
  }

 protected:
  // BigQuery renames tables alone.
  bool CanRename(RelationKind kind) const override {
    return kind == RelationKind::kTable;
  }

 private:
  static NameTraits Names() {
    NameTraits names;
    names.quote = '`';
    names.escape = Escape::kBackslash;
    names.unquoted = Folding::kKeep;
    names.max_identifier = 1024;
    return names;
  }

  static std::string AsOf(std::optional<absl::Time> as_of) {
    if (!as_of.has_value()) return "";
    return absl::StrCat(
        " for system_time as of timestamp '",
        absl::FormatTime("%Y-%m-%d %H:%M:%E6S", *as_of, absl::UTCTimeZone()),
        "+00:00'");
  }

  std::vector<std::string> MakeTable(const Making& making,
                                     absl::string_view body) const {
    if (making.replaces == RelationKind::kUnknown) {
      return {absl::StrCat("create table ", Target(making), body)};
    }
    return SwapIn({RelationKind::kTable,
                   absl::StrCat("create or replace table ",
                                Target(MakingBeside(making)), body),
                   ""},
                  making);
  }
};

}  // namespace

const Dialect& BigQuery() {
  static const auto* const kDialect = new BigQueryDialect();
  return *kDialect;
}

}  // namespace doppel::dialect

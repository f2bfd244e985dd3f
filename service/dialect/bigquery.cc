// BigQuery: zero-copy clones of tables; no DDL in transactions; names in
// backticks keep their case.
//
// CREATE OR REPLACE TABLE ... CLONE fails on a table of another partitioning,
// which is why dbt drops the target first; here the clone is made beside it.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
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
             .time_travel = true,
             .notes = "Clones tables within a region; pointer views for "
                      "views, materialized views and external tables."}) {}

  std::vector<std::string> CloneTable(const Making& making) const override {
    return MakeTable(making, absl::StrCat(" clone ", Source(making)));
  }

  std::vector<std::string> CopyTable(const Making& making) const override {
    return MakeTable(making, absl::StrCat(" copy ", Source(making)));
  }

  std::vector<std::string> PointerView(const Making& making) const override {
    const std::string body = absl::StrCat(" as select * from ", Source(making));
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

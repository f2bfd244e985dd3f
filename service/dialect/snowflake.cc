// Snowflake: zero-copy clones of tables; no DDL in transactions; unquoted names
// fold to upper case, and dbt leaves names unquoted by default.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/dialect/families.h"
#include "service/dialect/traits.h"

namespace doppel::dialect {
namespace {

class SnowflakeDialect final : public TraitsDialect {
 public:
  SnowflakeDialect()
      : TraitsDialect(
            "snowflake", Names(),
            {.zero_copy_clone = true,
             .time_travel = true,
             .notes = "Clones tables; pointer views for views, materialized "
                      "views and dynamic tables. A transient source cannot "
                      "become a permanent table."}) {}

  std::vector<std::string> CloneTable(const Making& making) const override {
    return MakeTable(
        making, absl::StrCat(" clone ", Source(making),
                             making.options.copy_grants ? " copy grants" : "",
                             making.options.copy_tags ? " copy tags" : ""));
  }

  std::vector<std::string> CopyTable(const Making& making) const override {
    return MakeTable(making, absl::StrCat(Grants(making), " as select * from ",
                                          Source(making)));
  }

  std::vector<std::string> PointerView(const Making& making) const override {
    const std::string body =
        absl::StrCat(Grants(making), " as select * from ", Source(making));
    if (making.replaces == RelationKind::kUnknown) {
      return {absl::StrCat("create view ", Target(making), body)};
    }
    if (making.replaces == RelationKind::kView) {
      return {absl::StrCat("create or replace view ", Target(making), body)};
    }
    return SwapIn({RelationKind::kView,
                   absl::StrCat("create or replace view ",
                                Target(MakingBeside(making)), body),
                   ""},
                  making);
  }

 protected:
  bool CanRename(RelationKind kind) const override {
    return kind != RelationKind::kExternal;
  }

 private:
  static NameTraits Names() {
    NameTraits names;
    names.default_quoting = {false, false, false};
    names.unquoted = Folding::kUpper;
    names.renames_to_full_name = true;
    names.max_identifier = 255;
    return names;
  }

  static absl::string_view Grants(const Making& making) {
    return making.options.copy_grants ? " copy grants" : "";
  }

  std::vector<std::string> MakeTable(const Making& making,
                                     absl::string_view body) const {
    const absl::string_view word =
        making.options.transient ? "transient table " : "table ";
    if (making.replaces == RelationKind::kUnknown) {
      return {absl::StrCat("create ", word, Target(making), body)};
    }
    if (making.replaces == RelationKind::kTable) {
      return {absl::StrCat("create or replace ", word, Target(making), body)};
    }
    return SwapIn({RelationKind::kTable,
                   absl::StrCat("create or replace ", word,
                                Target(MakingBeside(making)), body),
                   ""},
                  making);
  }
};

}  // namespace

const Dialect& Snowflake() {
  static const auto* const kDialect = new SnowflakeDialect();
  return *kDialect;
}

}  // namespace doppel::dialect

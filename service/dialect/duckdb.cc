// DuckDB: no zero-copy clone; DDL in transactions; names are compared without
// regard to case, quoted or not.
//
// A statement that fails while it is bound leaves DuckDB's transaction open and
// able to commit, so nothing is dropped before its replacement is made.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/dialect/families.h"
#include "service/dialect/traits.h"

namespace doppel::dialect {
namespace {

class DuckDbDialect final : public TraitsDialect {
 public:
  DuckDbDialect()
      : TraitsDialect("duckdb", Names(),
                      {.swap = Swap::kTransaction,
                       .transactional_ddl = true,
                       .versions_miss_changes = true,
                       .notes = "No zero-copy clone: pointer views, or copies "
                                "where the caller asks for tables."}) {}

  std::vector<std::string> View(const Making& making) const override {
    return Make("view", RelationKind::kView, making);
  }

  std::vector<std::string> CopyTable(const Making& making) const override {
    return Make("table", RelationKind::kTable, making);
  }

 private:
  static NameTraits Names() {
    NameTraits names;
    names.quoted = Folding::kLower;
    names.stores_folded = false;
    names.max_identifier = 255;
    return names;
  }

  std::string Create(absl::string_view verb, absl::string_view word,
                     const Making& making) const {
    return absl::StrCat(verb, " ", word, " ", Target(making), " as ",
                        Query(making));
  }

  std::vector<std::string> Make(absl::string_view word, RelationKind made,
                                const Making& making) const {
    if (making.replaces == RelationKind::kUnknown) {
      return {Create("create", word, making)};
    }
    if (making.replaces == made) {
      return {Create("create or replace", word, making)};
    }
    return SwapInTransaction(
        {made, Create("create", word, MakingBeside(making)), ""}, making);
  }
};

}  // namespace

const Dialect& DuckDb() {
  static const auto* const kDialect = new DuckDbDialect();
  return *kDialect;
}

}  // namespace doppel::dialect

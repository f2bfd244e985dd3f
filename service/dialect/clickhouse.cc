// ClickHouse: CLONE AS of MergeTree tables, which shares their parts; EXCHANGE
// TABLES swaps two relations of any kind in one step; a database is a schema.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/dialect/families.h"
#include "service/dialect/traits.h"

namespace doppel::dialect {
namespace {

class ClickHouseDialect final : public TraitsDialect {
 public:
  ClickHouseDialect()
      : TraitsDialect("clickhouse", Names(),
                      {.zero_copy_clone = true,
                       .swap = Swap::kRelations,
                       .has_databases = false,
                       .notes = "Clones of MergeTree tables share their parts; "
                                "pointer views for the rest."}) {}

  // A table of which nothing is said is a MergeTree.
  bool CanClone(RelationKind kind, const TableOptions& options) const override {
    return kind == RelationKind::kTable &&
           (options.engine.empty() ||
            absl::StrContains(options.engine, "mergetree"));
  }

  std::vector<std::string> CreateSchema(const SchemaName& schema,
                                        const Quoting& quoting) const override {
    return {absl::StrCat("create database if not exists ",
                         RenderSchema(schema, quoting))};
  }

  // DROP DATABASE drops its tables, too.
  std::vector<std::string> DropSchema(const SchemaName&,
                                      const Quoting&) const override {
    return {};
  }

  std::vector<std::string> CloneTable(const Making& making) const override {
    return Make("table", RelationKind::kTable, making,
                absl::StrCat(" clone as ", Source(making)));
  }

  std::vector<std::string> CopyTable(const Making& making) const override {
    return Make("table", RelationKind::kTable, making,
                absl::StrCat(" engine = MergeTree order by tuple()",
                             " as select * from ", Source(making)));
  }

  std::vector<std::string> View(const Making& making) const override {
    return Make("view", RelationKind::kView, making,
                absl::StrCat(" as ", Query(making)));
  }

  std::vector<std::string> Move(const Standing& one, const RelationName& to,
                                const Quoting& quoting) const override {
    return {absl::StrCat("rename table ", Render(one.name, quoting), " to ",
                         Render(to, quoting))};
  }

  std::vector<std::string> SwapRelations(
      const Standing& one, const Standing& other,
      const Quoting& quoting) const override {
    return {Exchange(one.name, other.name, quoting)};
  }

 protected:
  // A materialized view is dropped as a view.
  absl::string_view ObjectWord(RelationKind kind) const override {
    return kind == RelationKind::kView ||
                   kind == RelationKind::kMaterializedView
               ? "view"
               : "table";
  }

 private:
  static NameTraits Names() {
    NameTraits names;
    names.quote = '`';
    names.escape = Escape::kBackslash;
    names.unquoted = Folding::kKeep;
    // A table and its database have 213 bytes together, in which what is
    // neither letter nor digit counts three times: so what is put beside a
    // relation has a name that is not much longer than that of the relation.
    names.max_identifier = 64;
    return names;
  }

  std::string Exchange(const RelationName& one, const RelationName& other,
                       const Quoting& quoting) const {
    return absl::StrCat("exchange tables ", Render(one, quoting), " and ",
                        Render(other, quoting));
  }

  std::vector<std::string> Make(absl::string_view word, RelationKind made,
                                const Making& making,
                                absl::string_view body) const {
    if (making.replaces == RelationKind::kUnknown) {
      return {absl::StrCat("create ", word, " ", Target(making), body)};
    }
    if (making.replaces == made) {
      return {
          absl::StrCat("create or replace ", word, " ", Target(making), body)};
    }
    const Making beside = MakingBeside(making);
    return {
        absl::StrCat("create or replace ", word, " ", Target(beside), body),
        Exchange(beside.target, making.target, making.target_quoting),
        DropStatement(beside.target, making.target_quoting, making.replaces)};
  }
};

}  // namespace

const Dialect& ClickHouse() {
  static const auto* const kDialect = new ClickHouseDialect();
  return *kDialect;
}

}  // namespace doppel::dialect

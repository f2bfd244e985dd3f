// Trino and Athena: no zero-copy clone; no DDL in transactions; names are
// compared without regard to case.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "service/dialect/families.h"
#include "service/dialect/traits.h"

namespace doppel::dialect {
namespace {

class TrinoDialect : public TraitsDialect {
 public:
  TrinoDialect(absl::string_view type, const NameTraits& names, Swap swap,
               std::string notes)
      : TraitsDialect(type, names, {.swap = swap, .notes = std::move(notes)}) {}

  std::vector<std::string> View(const Making& making) const final {
    if (making.replaces == RelationKind::kView) {
      return {Create("create or replace view ", making, making)};
    }
    return Make("create view ", RelationKind::kView, making);
  }

  std::vector<std::string> CopyTable(const Making& making) const final {
    return Make("create table ", RelationKind::kTable, making);
  }

 private:
  std::string Create(absl::string_view verb, const Making& target,
                     const Making& source) const {
    return absl::StrCat(verb, Target(target), " as ", Query(source));
  }

  std::vector<std::string> Make(absl::string_view verb, RelationKind made,
                                const Making& making) const {
    const std::string in_place = Create(verb, making, making);
    if (making.replaces == RelationKind::kUnknown) return {in_place};
    return SwapIn({made, Create(verb, MakingBeside(making), making), in_place},
                  making);
  }
};

// Athena renames nothing, and its DDL is Hive's: backticks, no catalog.
class AthenaDialect final : public TrinoDialect {
 public:
  using TrinoDialect::TrinoDialect;

  std::vector<std::string> CreateSchema(const SchemaName& schema,
                                        const Quoting&) const override {
    return {absl::StrCat("create schema if not exists ", Hive(schema.schema))};
  }

  std::vector<std::string> DropSchema(const SchemaName& schema,
                                      const Quoting&) const override {
    return {absl::StrCat("drop schema ", Hive(schema.schema))};
  }

 protected:
  bool CanRename(RelationKind) const override { return false; }

  std::string DropStatement(const RelationName& name, const Quoting& quoting,
                            RelationKind kind) const override {
    if (kind == RelationKind::kView) {
      return TrinoDialect::DropStatement(name, quoting, kind);
    }
    return absl::StrCat("drop table ", Hive(name.schema), ".",
                        Hive(name.identifier));
  }

 private:
  static std::string Hive(absl::string_view part) {
    return absl::StrCat("`", absl::StrReplaceAll(part, {{"`", "``"}}), "`");
  }
};

NameTraits Names() {
  NameTraits names;
  names.quoted = Folding::kLower;
  names.renames_to_full_name = true;
  names.renames_into_schemas = true;
  names.max_identifier = 128;
  return names;
}

}  // namespace

const Dialect& Trino() {
  static const auto* const kDialect = new TrinoDialect(
      "trino", Names(), Swap::kRename,
      "No zero-copy clone: pointer views, or copies where the caller asks for "
      "tables.");
  return *kDialect;
}

const Dialect& Athena() {
  static const auto* const kDialect = new AthenaDialect(
      "athena", Names(), Swap::kNone,
      "No zero-copy clone: pointer views, or copies where the caller asks for "
      "tables. Nothing can be renamed: while a table is replaced, its name is "
      "gone for two statements.");
  return *kDialect;
}

}  // namespace doppel::dialect

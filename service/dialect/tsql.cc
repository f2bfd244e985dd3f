// Microsoft Fabric's warehouse, which clones tables zero-copy, and SQL Server,
// which does not but has DDL in transactions.
//
// Views are named without their database: T-SQL takes none there.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/dialect/families.h"
#include "service/dialect/traits.h"

namespace doppel::dialect {
namespace {

// A string literal.
std::string Literal(absl::string_view text) {
  return absl::StrCat("N'", absl::StrReplaceAll(text, {{"'", "''"}}), "'");
}

class TsqlDialect : public TraitsDialect {
 public:
  TsqlDialect(absl::string_view type, const NameTraits& names,
              Capabilities capabilities)
      : TraitsDialect(type, names, std::move(capabilities)) {}

  std::vector<std::string> CreateSchema(const SchemaName& schema,
                                        const Quoting& quoting) const final {
    return {absl::StrCat(
        "if schema_id(", Literal(schema.schema), ") is null exec(",
        Literal(absl::StrCat("create schema ", RenderSchema(schema, quoting))),
        ")")};
  }

 protected:
  std::string CreateView(absl::string_view verb, const RelationName& view,
                         const Making& making) const {
    return absl::StrCat(verb, " view ", InSchema(view, making.target_quoting),
                        " as ", Query(making));
  }

  std::string DropStatement(const RelationName& name, const Quoting& quoting,
                            RelationKind kind) const final {
    return absl::StrCat("drop ", ObjectWord(kind), " ",
                        InSchema(name, quoting));
  }

  std::string RenameStatement(const RelationName& from, const RelationName& to,
                              const Quoting& quoting,
                              RelationKind) const final {
    return absl::StrCat("exec sp_rename ", Literal(InSchema(from, quoting)),
                        ", ", Literal(to.identifier));
  }

  // The text of a renamed view keeps its old name, so views are not renamed.
  bool CanRename(RelationKind kind) const final {
    return kind == RelationKind::kTable;
  }

 private:
  std::string InSchema(const RelationName& name, const Quoting& quoting) const {
    return Render({"", name.schema, name.identifier}, quoting);
  }
};

class FabricDialect final : public TsqlDialect {
 public:
  explicit FabricDialect(const NameTraits& names)
      : TsqlDialect("fabric", names,
                    {.zero_copy_clone = true,
                     .time_travel = true,
                     .longest_time_travel = absl::Hours(30 * 24),
                     .swap = Swap::kRename,
                     .notes = "Clones tables within one warehouse; pointer "
                              "views for the rest."}) {}

  std::vector<std::string> CloneTable(const Making& making) const override {
    return MakeTable(making, absl::StrCat(" as clone of ", Source(making),
                                          At(making.as_of)));
  }

  std::vector<std::string> CopyTable(const Making& making) const override {
    return MakeTable(making,
                     absl::StrCat(" as select * from ", Source(making)));
  }

  std::vector<std::string> View(const Making& making) const override {
    const std::string create = CreateView("create", making.target, making);
    if (making.replaces == RelationKind::kUnknown) return {create};
    if (making.replaces == RelationKind::kView) {
      return {CreateView("create or alter", making.target, making)};
    }
    return SwapIn(
        {RelationKind::kView,
         CreateView("create or alter", Beside(making.target, "new"), making),
         create},
        making);
  }

 private:
  // In UTC and whole seconds, which is what Fabric takes.
  static std::string At(std::optional<absl::Time> as_of) {
    if (!as_of.has_value()) return "";
    return absl::StrCat(
        " at '",
        absl::FormatTime("%Y-%m-%dT%H:%M:%S", *as_of, absl::UTCTimeZone()),
        "'");
  }

  std::vector<std::string> MakeTable(const Making& making,
                                     absl::string_view body) const {
    if (making.replaces == RelationKind::kUnknown) {
      return {absl::StrCat("create table ", Target(making), body)};
    }
    return SwapIn(
        {RelationKind::kTable,
         absl::StrCat("create table ", Target(MakingBeside(making)), body), ""},
        making);
  }
};

class SqlServerDialect final : public TsqlDialect {
 public:
  explicit SqlServerDialect(const NameTraits& names)
      : TsqlDialect("sqlserver", names,
                    {.swap = Swap::kTransaction,
                     .transactional_ddl = true,
                     .notes = "No zero-copy clone: pointer views, or copies "
                              "where the caller asks for tables."}) {}

  // A bare "begin" would open a block.
  std::vector<std::string> BeginTransaction() const override {
    return {"begin transaction"};
  }

  std::vector<std::string> CopyTable(const Making& making) const override {
    return InPlace(making, absl::StrCat("select * into ", Target(making),
                                        " from ", Source(making)));
  }

  std::vector<std::string> View(const Making& making) const override {
    if (making.replaces == RelationKind::kView) {
      return {CreateView("create or alter", making.target, making)};
    }
    return InPlace(making, CreateView("create", making.target, making));
  }

  std::vector<std::string> SwapRelations(
      const Standing& one, const Standing& other,
      const Quoting& quoting) const override {
    auto statements = TsqlDialect::SwapRelations(one, other, quoting);
    if (statements.empty()) return statements;
    statements.front() = "begin transaction";
    statements.back() = "commit transaction";
    return statements;
  }

 private:
  std::vector<std::string> InPlace(const Making& making,
                                   std::string create) const {
    if (making.replaces == RelationKind::kUnknown) return {std::move(create)};
    return {
        "begin transaction",
        DropStatement(making.target, making.target_quoting, making.replaces),
        std::move(create), "commit transaction"};
  }
};

NameTraits Names() {
  NameTraits names;
  names.schema_without_database = true;
  names.max_identifier = 128;
  // Fabric's default collation compares byte by byte.
  names.unquoted = Folding::kKeep;
  return names;
}

NameTraits FabricNames() {
  NameTraits names = Names();
  names.quote = '[';
  names.closing_quote = ']';
  return names;
}

NameTraits SqlServerNames() {
  NameTraits names = Names();
  // Its default collations compare without regard to case.
  names.unquoted = Folding::kLower;
  names.quoted = Folding::kLower;
  return names;
}

}  // namespace

const Dialect& Fabric() {
  static const auto* const kDialect = new FabricDialect(FabricNames());
  return *kDialect;
}

const Dialect& SqlServer() {
  static const auto* const kDialect = new SqlServerDialect(SqlServerNames());
  return *kDialect;
}

}  // namespace doppel::dialect

// PostgreSQL and Redshift: no zero-copy clone; DDL in transactions.
//
// A target on which other objects depend is not dropped: the statement fails
// and the transaction takes everything back. (dbt drops them with CASCADE.)
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/dialect/families.h"
#include "service/dialect/traits.h"

namespace doppel::dialect {
namespace {

constexpr absl::string_view kPostgres = "postgres";

class PostgresDialect : public TraitsDialect {
 public:
  PostgresDialect(absl::string_view type, const NameTraits& names,
                  std::string notes)
      : TraitsDialect(type, names,
                      {.swap = Swap::kTransaction,
                       .transactional_ddl = true,
                       .one_database = type == kPostgres,
                       .views_hold_sources = true,
                       .longest_name = names.max_identifier,
                       .notes = std::move(notes)}) {}

  std::vector<std::string> View(const Making& making) const final {
    if (making.replaces == RelationKind::kUnknown) {
      return {CreateView("create", making)};
    }
    // Fails where the view would lose a column or change its type.
    if (making.replaces == RelationKind::kView && making.is_held) {
      return {CreateView("create or replace", making)};
    }
    return SwapInTransaction(
        {RelationKind::kView, CreateView("create", MakingBeside(making)), ""},
        making);
  }

  std::vector<std::string> CopyTable(const Making& making) const final {
    if (making.replaces == RelationKind::kUnknown) {
      return {CreateTable(making)};
    }
    return SwapInTransaction(
        {RelationKind::kTable, CreateTable(MakingBeside(making)), ""}, making);
  }

  // What reads either schema's relations goes on reading the same ones.
  std::vector<std::string> SwapSchemas(const SchemaName& one,
                                       const SchemaName& other,
                                       const Quoting& quoting) const final {
    const SchemaName away = {other.database, Beside(other.schema, "old")};
    return {"begin", RenameSchema(other, away, quoting),
            RenameSchema(one, other, quoting), RenameSchema(away, one, quoting),
            "commit"};
  }

 protected:
  absl::string_view ObjectWord(RelationKind kind) const override {
    if (kind == RelationKind::kExternal) return "foreign table";
    return TraitsDialect::ObjectWord(kind);
  }

  virtual std::string CreateView(absl::string_view verb,
                                 const Making& making) const {
    return absl::StrCat(verb, " view ", Target(making), " as ", Query(making));
  }

 private:
  std::string RenameSchema(const SchemaName& from, const SchemaName& to,
                           const Quoting& quoting) const {
    return absl::StrCat("alter schema ", RenderSchema(from, quoting),
                        " rename to ", RenderSchema(to, quoting));
  }

  std::string CreateTable(const Making& making) const {
    return absl::StrCat("create table ", Target(making), " as select * from ",
                        Source(making));
  }
};

// PostgreSQL moves a relation to another schema by a statement of its own.
class PlainPostgresDialect final : public PostgresDialect {
 public:
  using PostgresDialect::PostgresDialect;

  // A statement that waits for a lock lets nobody else pass who wants to read.
  // So it waits for less than the second after which PostgreSQL looks for
  // deadlocks, and is tried again.
  std::vector<std::string> BeginTransaction() const override {
    return {"begin", "set local lock_timeout = '900ms'"};
  }

  // The relation's indexes and sequences go with it.
  std::vector<std::string> Move(const Standing& one, const RelationName& to,
                                const Quoting& quoting) const override {
    if (one.name.database != to.database) return {};
    const bool renames = one.name.identifier != to.identifier;
    if (one.name.schema == to.schema) {
      return {RenameStatement(one.name, to, quoting, one.kind)};
    }
    if (!renames) return {SetSchema(one.name, to, quoting, one.kind)};
    // Under neither of its names it could meet another relation on its way.
    const RelationName away = Beside(one.name, "new");
    const RelationName arrived = {to.database, to.schema, away.identifier};
    return {RenameStatement(one.name, away, quoting, one.kind),
            SetSchema(away, to, quoting, one.kind),
            RenameStatement(arrived, to, quoting, one.kind)};
  }

  std::vector<std::string> SwapRelations(
      const Standing& one, const Standing& other,
      const Quoting& quoting) const override {
    RelationName fresh = Beside(one.name, "new");
    RelationName away = Beside(other.name, "old");
    std::vector<std::string> statements = {
        "begin", RenameStatement(one.name, fresh, quoting, one.kind),
        RenameStatement(other.name, away, quoting, other.kind)};
    if (one.name.schema != other.name.schema) {
      statements.push_back(SetSchema(fresh, other.name, quoting, one.kind));
      statements.push_back(SetSchema(away, one.name, quoting, other.kind));
      std::swap(fresh.schema, away.schema);
    }
    statements.push_back(RenameStatement(fresh, other.name, quoting, one.kind));
    statements.push_back(RenameStatement(away, one.name, quoting, other.kind));
    statements.emplace_back("commit");
    return statements;
  }

 private:
  std::string SetSchema(const RelationName& from, const RelationName& to,
                        const Quoting& quoting, RelationKind kind) const {
    return absl::StrCat("alter ", ObjectWord(kind), " ", Render(from, quoting),
                        " set schema ",
                        RenderSchema(to.schema_name(), quoting));
  }
};

// A late-binding pointer view, since a bound one would go away with its source
// when a dbt run in the source's environment rebuilds it: that run drops the
// old table with CASCADE.
class RedshiftDialect final : public PostgresDialect {
 public:
  using PostgresDialect::PostgresDialect;

 protected:
  absl::string_view ObjectWord(RelationKind kind) const override {
    if (kind == RelationKind::kExternal) return "table";
    return PostgresDialect::ObjectWord(kind);
  }

  std::string CreateView(absl::string_view verb,
                         const Making& making) const override {
    // A query may end in a comment.
    return absl::StrCat(PostgresDialect::CreateView(verb, making),
                        making.query.empty() ? " " : "\n",
                        "with no schema binding");
  }

  // Redshift renames views by ALTER TABLE, too.
  std::string RenameStatement(const RelationName& from, const RelationName& to,
                              const Quoting& quoting,
                              RelationKind) const override {
    return PostgresDialect::RenameStatement(from, to, quoting,
                                            RelationKind::kTable);
  }
};

NameTraits Names() {
  NameTraits names;
  names.schema_without_database = true;
  names.max_identifier = 63;
  return names;
}

NameTraits RedshiftNames() {
  NameTraits names = Names();
  // enable_case_sensitive_identifier is off by default.
  names.quoted = Folding::kLower;
  names.max_identifier = 127;
  return names;
}

}  // namespace

const Dialect& Postgres() {
  static const auto* const kDialect = new PlainPostgresDialect(
      kPostgres, Names(),
      "No zero-copy clone: pointer views, or copies where the caller asks for "
      "tables.");
  return *kDialect;
}

const Dialect& Redshift() {
  static const auto* const kDialect = new RedshiftDialect(
      "redshift", RedshiftNames(),
      "No zero-copy clone: late-binding pointer views, or copies where the "
      "caller asks for tables.");
  return *kDialect;
}

}  // namespace doppel::dialect

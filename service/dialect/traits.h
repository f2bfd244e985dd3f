// What most warehouses do alike: names by a table of traits, and the ways to
// put one relation in another's place. A warehouse's own file says what it does
// differently.
//
// Thread contract: as Dialect's.
#ifndef DOPPEL_SERVICE_DIALECT_TRAITS_H_
#define DOPPEL_SERVICE_DIALECT_TRAITS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"

namespace doppel::dialect {

// How a quote inside a quoted identifier is written.
enum class Escape : uint8_t {
  kDouble,  // "" or ``
  // \` and \\, since a backslash escapes there; and \n for the end of a line,
  // which must not stand there as itself.
  kBackslash,
};

// A warehouse's rules for names.
struct NameTraits {
  char quote = '"';
  char closing_quote = '\0';  // where it is another: [x]
  Escape escape = Escape::kDouble;
  Quoting default_quoting;
  // Renders every name in lower case: what dbt's adapter does.
  bool lower_case = false;
  Folding unquoted = Folding::kLower;
  Folding quoted = Folding::kKeep;
  // An unquoted name is stored folded; else as it is written, and is only
  // compared folded.
  bool stores_folded = true;
  // CREATE SCHEMA takes the schema's name alone.
  bool schema_without_database = false;
  // ALTER ... RENAME TO takes the schema, too; else it would be the session's.
  bool renames_to_full_name = false;
  // And that may be another one.
  bool renames_into_schemas = false;
  // Longest identifier, in bytes.
  size_t max_identifier = 127;
};

// What shall stand at a target where something else stands now.
struct Replacement {
  RelationKind kind = RelationKind::kTable;
  std::string beside;    // makes it under the name beside the target
  std::string in_place;  // makes it at the target; for kinds without a rename
  bool never_renames = false;  // made in place although it could be renamed
};

class TraitsDialect : public Dialect {
 public:
  absl::string_view type() const final { return type_; }
  const Capabilities& capabilities() const final { return capabilities_; }
  Quoting default_quoting() const final { return names_.default_quoting; }
  std::string QuoteIdentifier(absl::string_view identifier) const final;
  std::string Render(const RelationName& name,
                     const Quoting& quoting) const final;
  std::string RenderSchema(const SchemaName& name,
                           const Quoting& quoting) const final;
  Folding folding(bool quoted) const final;
  RelationName CatalogKey(const RelationName& name,
                          const Quoting& quoting) const final;
  bool CanClone(RelationKind kind, const TableOptions& options) const override;
  // The shorter of what the warehouse and what the table keep.
  std::optional<absl::Duration> LongestTimeTravel(
      const TableOptions& options) const override;

  std::vector<std::string> CreateSchema(const SchemaName& schema,
                                        const Quoting& quoting) const override;
  std::vector<std::string> DropSchema(const SchemaName& schema,
                                      const Quoting& quoting) const override;
  RelationName OldName(const RelationName& name) const override {
    return Beside(name, "old");
  }
  // None: overridden where capabilities().zero_copy_clone.
  std::vector<std::string> CloneTable(const Making& making) const override;
  std::vector<std::string> Drop(const RelationName& name,
                                const Quoting& quoting,
                                RelationKind kind) const override;
  // None: overridden where capabilities().clones_schemas.
  std::vector<std::string> CloneSchema(
      const SchemaName& source, const SchemaName& target,
      const Quoting& quoting, std::optional<absl::Time> as_of) const override;
  std::vector<std::string> BeginTransaction() const override;
  RelationName Beside(const RelationName& name,
                      absl::string_view what) const final;
  // By a rename, within one schema or where a rename can name another.
  std::vector<std::string> Move(const Standing& one, const RelationName& to,
                                const Quoting& quoting) const override;
  // By three renames, within one schema or where a rename can name another; in
  // a transaction where there are such.
  NewVersion MakeVersion(const Making& making, const RelationDetails& source,
                         const RelationDetails& standing,
                         absl::string_view mark) const override;
  std::vector<std::string> RestoreVersion(
      const RelationName& table, const Quoting& quoting, int64_t version,
      absl::string_view mark) const override;
  std::vector<std::string> SwapRelations(const Standing& one,
                                         const Standing& other,
                                         const Quoting& quoting) const override;
  std::vector<std::string> SwapSchemas(const SchemaName& one,
                                       const SchemaName& other,
                                       const Quoting& quoting) const override;

 protected:
  TraitsDialect(absl::string_view type, const NameTraits& names,
                Capabilities capabilities);

  // The word after DROP and ALTER: "table", "materialized view", ...
  virtual absl::string_view ObjectWord(RelationKind kind) const;
  // For a relation that is there.
  virtual std::string DropStatement(const RelationName& name,
                                    const Quoting& quoting,
                                    RelationKind kind) const;
  // Gives the relation another identifier in its schema.
  virtual std::string RenameStatement(const RelationName& from,
                                      const RelationName& to,
                                      const Quoting& quoting,
                                      RelationKind kind) const;
  // Whether a relation of that kind can be renamed.
  virtual bool CanRename(RelationKind kind) const;

  std::string Source(const Making& making) const;
  std::string Target(const Making& making) const;
  // What a view reads.
  std::string Query(const Making& making) const;

  std::string Beside(absl::string_view name, absl::string_view what) const;

  // Puts `replacement` in the place of what stands at the target: made beside
  // it, which proves that it can be made; then the old one is renamed away, or
  // dropped where it cannot be renamed, and the new one takes its name.
  std::vector<std::string> SwapIn(Replacement replacement,
                                  const Making& making) const;

  // The same in one transaction, in which the old one is just dropped, unless
  // it is to be kept.
  std::vector<std::string> SwapInTransaction(Replacement replacement,
                                             const Making& making) const;

  // `making` with the target that stands beside it.
  Making MakingBeside(const Making& making) const;

  std::string RenderPart(absl::string_view name, bool quoted) const;

 private:
  const absl::string_view type_;
  const NameTraits names_;
  const Capabilities capabilities_;
};

}  // namespace doppel::dialect

#endif  // DOPPEL_SERVICE_DIALECT_TRAITS_H_

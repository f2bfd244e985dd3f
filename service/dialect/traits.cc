#include "service/dialect/traits.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/digest.h"

namespace doppel::dialect {
namespace {

// Words that stand for nothing but themselves in every warehouse that folds
// unquoted names. Sorted.
constexpr absl::string_view kReserved[] = {
    "all",      "alter", "and",    "any",    "as",     "between", "by",
    "case",     "cast",  "check",  "column", "create", "cross",   "delete",
    "distinct", "drop",  "else",   "end",    "exists", "false",   "for",
    "from",     "full",  "grant",  "group",  "having", "in",      "inner",
    "insert",   "into",  "is",     "join",   "left",   "like",    "natural",
    "not",      "null",  "on",     "or",     "order",  "right",   "select",
    "set",      "table", "then",   "to",     "true",   "union",   "unique",
    "update",   "using", "values", "when",   "where",  "with",
};

std::string Fold(absl::string_view part, Folding folding) {
  switch (folding) {
    case Folding::kLower:
      return absl::AsciiStrToLower(part);
    case Folding::kUpper:
      return absl::AsciiStrToUpper(part);
    case Folding::kKeep:
      break;
  }
  return std::string(part);
}

bool CanStandUnquoted(absl::string_view part) {
  if (part.empty() || absl::ascii_isdigit(part[0])) return false;
  for (const char c : part) {
    if (!absl::ascii_isalnum(c) && c != '_') return false;
  }
  const std::string lower = absl::AsciiStrToLower(part);
  return !std::binary_search(std::begin(kReserved), std::end(kReserved),
                             absl::string_view(lower));
}

// At most `size` bytes, cut between two code points of UTF-8.
absl::string_view Prefix(absl::string_view text, size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
    --size;
  }
  return text.substr(0, size);
}

}  // namespace

absl::string_view TraitsDialect::ObjectWord(RelationKind kind) const {
  switch (kind) {
    case RelationKind::kView:
      return "view";
    case RelationKind::kMaterializedView:
      return "materialized view";
    case RelationKind::kExternal:
      return "external table";
    case RelationKind::kDynamicTable:
      return "dynamic table";
    case RelationKind::kFunction:
      return "function";
    case RelationKind::kTable:
    case RelationKind::kUnknown:
      break;
  }
  return "table";
}

TraitsDialect::TraitsDialect(absl::string_view type, const NameTraits& names,
                             Capabilities capabilities)
    : type_(type), names_(names), capabilities_(std::move(capabilities)) {}

std::string TraitsDialect::QuoteIdentifier(absl::string_view identifier) const {
  const bool backslash = names_.escape == Escape::kBackslash;
  const char closing =
      names_.closing_quote != '\0' ? names_.closing_quote : names_.quote;
  std::string quoted(1, names_.quote);
  quoted.reserve(identifier.size() + 2);
  for (const char c : identifier) {
    if (backslash && (c == '\n' || c == '\r')) {
      absl::StrAppend(&quoted, c == '\n' ? "\\n" : "\\r");
      continue;
    }
    if (c == closing) {
      quoted.push_back(backslash ? '\\' : closing);
    } else if (c == '\\' && backslash) {
      quoted.push_back('\\');
    }
    quoted.push_back(c);
  }
  quoted.push_back(closing);
  return quoted;
}

std::string TraitsDialect::RenderPart(absl::string_view name,
                                      bool quoted) const {
  const std::string part =
      names_.lower_case ? Fold(name, Folding::kLower) : std::string(name);
  if (quoted) return QuoteIdentifier(part);
  if (CanStandUnquoted(part)) return part;
  return QuoteIdentifier(names_.stores_folded ? Fold(part, names_.unquoted)
                                              : part);
}

std::string TraitsDialect::Render(const RelationName& name,
                                  const Quoting& quoting) const {
  std::string rendered;
  if (capabilities_.has_databases && !name.database.empty()) {
    absl::StrAppend(&rendered, RenderPart(name.database, quoting.database),
                    ".");
  }
  absl::StrAppend(&rendered, RenderPart(name.schema, quoting.schema), ".",
                  RenderPart(name.identifier, quoting.identifier));
  return rendered;
}

std::string TraitsDialect::RenderSchema(const SchemaName& name,
                                        const Quoting& quoting) const {
  std::string schema = RenderPart(name.schema, quoting.schema);
  if (names_.schema_without_database || !capabilities_.has_databases ||
      name.database.empty()) {
    return schema;
  }
  return absl::StrCat(RenderPart(name.database, quoting.database), ".", schema);
}

Folding TraitsDialect::folding(bool quoted) const {
  return quoted ? names_.quoted : names_.unquoted;
}

RelationName TraitsDialect::CatalogKey(const RelationName& name,
                                       const Quoting& quoting) const {
  RelationName key;
  if (capabilities_.has_databases) {
    key.database = Fold(name.database, folding(quoting.database));
  }
  key.schema = Fold(name.schema, folding(quoting.schema));
  key.identifier = Fold(name.identifier, folding(quoting.identifier));
  return key;
}

bool TraitsDialect::CanClone(RelationKind kind, const TableOptions&) const {
  return capabilities_.zero_copy_clone && kind == RelationKind::kTable;
}

std::optional<absl::Duration> TraitsDialect::LongestTimeTravel(
    const TableOptions& options) const {
  const absl::Duration longest = capabilities_.longest_time_travel;
  if (longest == absl::ZeroDuration()) return options.retention;
  return std::min(longest, options.retention.value_or(longest));
}

std::vector<std::string> TraitsDialect::CreateSchema(
    const SchemaName& schema, const Quoting& quoting) const {
  return {absl::StrCat("create schema if not exists ",
                       RenderSchema(schema, quoting))};
}

// RESTRICT is what the others mean where nothing is said.
std::vector<std::string> TraitsDialect::DropSchema(
    const SchemaName& schema, const Quoting& quoting) const {
  return {absl::StrCat("drop schema ", RenderSchema(schema, quoting))};
}

std::vector<std::string> TraitsDialect::CloneTable(const Making&) const {
  return {};
}

std::vector<std::string> TraitsDialect::CloneSchema(
    const SchemaName&, const SchemaName&, const Quoting&,
    std::optional<absl::Time>) const {
  return {};
}

std::vector<std::string> TraitsDialect::BeginTransaction() const {
  if (!capabilities_.transactional_ddl) return {};
  return {"begin"};
}

std::vector<std::string> TraitsDialect::Move(const Standing& one,
                                             const RelationName& to,
                                             const Quoting& quoting) const {
  const bool moves = one.name.schema_name() != to.schema_name();
  if ((moves && !names_.renames_into_schemas) || !CanRename(one.kind)) {
    return {};
  }
  return {RenameStatement(one.name, to, quoting, one.kind)};
}

NewVersion TraitsDialect::MakeVersion(const Making&, const RelationDetails&,
                                      const RelationDetails&,
                                      absl::string_view) const {
  return {};
}

std::vector<std::string> TraitsDialect::RestoreVersion(
    const RelationName&, const Quoting&, int64_t, absl::string_view) const {
  return {};
}

std::vector<std::string> TraitsDialect::SwapRelations(
    const Standing& one, const Standing& other, const Quoting& quoting) const {
  const bool moves = one.name.schema != other.name.schema;
  if ((moves && !names_.renames_into_schemas) || !CanRename(one.kind) ||
      !CanRename(other.kind)) {
    return {};
  }
  const RelationName away = Beside(other.name, "old");
  std::vector<std::string> statements = {
      RenameStatement(other.name, away, quoting, other.kind),
      RenameStatement(one.name, other.name, quoting, one.kind),
      RenameStatement(away, one.name, quoting, other.kind)};
  if (!capabilities_.transactional_ddl) return statements;
  statements.insert(statements.begin(), "begin");
  statements.emplace_back("commit");
  return statements;
}

std::vector<std::string> TraitsDialect::SwapSchemas(const SchemaName&,
                                                    const SchemaName&,
                                                    const Quoting&) const {
  return {};
}

std::vector<std::string> TraitsDialect::Drop(const RelationName& name,
                                             const Quoting& quoting,
                                             RelationKind kind) const {
  return {DropStatement(name, quoting, kind)};
}

std::string TraitsDialect::DropStatement(const RelationName& name,
                                         const Quoting& quoting,
                                         RelationKind kind) const {
  return absl::StrCat("drop ", ObjectWord(kind), " ", Render(name, quoting));
}

std::string TraitsDialect::RenameStatement(const RelationName& from,
                                           const RelationName& to,
                                           const Quoting& quoting,
                                           RelationKind kind) const {
  return absl::StrCat("alter ", ObjectWord(kind), " ", Render(from, quoting),
                      " rename to ",
                      names_.renames_to_full_name
                          ? Render(to, quoting)
                          : RenderPart(to.identifier, quoting.identifier));
}

bool TraitsDialect::CanRename(RelationKind kind) const {
  return kind == RelationKind::kTable || kind == RelationKind::kView;
}

std::string TraitsDialect::Source(const Making& making) const {
  return Render(making.source, making.source_quoting);
}

std::string TraitsDialect::Target(const Making& making) const {
  return Render(making.target, making.target_quoting);
}

std::string TraitsDialect::Query(const Making& making) const {
  if (!making.query.empty()) return making.query;
  return absl::StrCat("select * from ", Source(making));
}

RelationName TraitsDialect::Beside(const RelationName& name,
                                   absl::string_view what) const {
  RelationName beside = name;
  beside.identifier = Beside(name.identifier, what);
  return beside;
}

std::string TraitsDialect::Beside(absl::string_view name,
                                  absl::string_view what) const {
  std::string suffix = absl::StrCat("__doppel_", what);
  if (name.size() + suffix.size() > names_.max_identifier) {
    suffix = absl::StrCat("_", absl::string_view(Sha256Hex(name)).substr(0, 8),
                          suffix);
  }
  const size_t kept = names_.max_identifier - suffix.size();
  return absl::StrCat(Prefix(name, kept), suffix);
}

Making TraitsDialect::MakingBeside(const Making& making) const {
  Making beside = making;
  beside.target = Beside(making.target, "new");
  beside.replaces = RelationKind::kUnknown;
  return beside;
}

std::vector<std::string> TraitsDialect::SwapIn(Replacement replacement,
                                               const Making& making) const {
  const Quoting& quoting = making.target_quoting;
  const RelationName fresh = Beside(making.target, "new");
  const RelationName old = Beside(making.target, "old");
  const bool keeps_old = CanRename(making.replaces);
  std::vector<std::string> statements = {std::move(replacement.beside)};
  statements.push_back(
      keeps_old ? RenameStatement(making.target, old, quoting, making.replaces)
                : DropStatement(making.target, quoting, making.replaces));
  if (CanRename(replacement.kind) && !replacement.never_renames) {
    statements.push_back(
        RenameStatement(fresh, making.target, quoting, replacement.kind));
  } else {
    statements.push_back(std::move(replacement.in_place));
    statements.push_back(DropStatement(fresh, quoting, replacement.kind));
  }
  if (keeps_old) {
    statements.push_back(DropStatement(old, quoting, making.replaces));
  }
  return statements;
}

std::vector<std::string> TraitsDialect::SwapInTransaction(
    Replacement replacement, const Making& making) const {
  const Quoting& quoting = making.target_quoting;
  return {"begin", std::move(replacement.beside),
          making.keeps_old
              ? RenameStatement(making.target, OldName(making.target), quoting,
                                making.replaces)
              : DropStatement(making.target, quoting, making.replaces),
          RenameStatement(Beside(making.target, "new"), making.target, quoting,
                          replacement.kind),
          "commit"};
}

}  // namespace doppel::dialect

#include "service/promotion/statements.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"
#include "service/dialect/sql_names.h"
#include "service/dialect/sql_text.h"

namespace doppel::promotion {
namespace {

// A string literal in standard SQL.
std::string Literal(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "''"}}), "'");
}

std::string CommentOn(absl::string_view what, absl::string_view name,
                      absl::string_view comment) {
  return absl::StrCat("comment on ", what, " ", name, " is ", Literal(comment));
}

dialect::Making MakingOf(const Exchange& exchange) {
  dialect::Making making;
  making.source = exchange.placement.source->name;
  making.source_quoting = kAsSpelled;
  making.target = exchange.placement.target.name;
  making.target_quoting = kAsSpelled;
  return making;
}

std::vector<std::string> CopyTable(const Swap& swap, const Exchange& exchange) {
  const dialect::Dialect& dialect = *swap.dialect;
  const clone::Placement& placement = exchange.placement;
  if (dialect.CanClone(placement.source->kind, {})) {
    return dialect.CloneTable(MakingOf(exchange));
  }
  const std::string& definition = exchange.source_details.definition;
  if (definition.empty()) return dialect.CopyTable(MakingOf(exchange));
  const std::string target = dialect.Render(placement.target.name, kAsSpelled);
  return {absl::StrCat("create table ", target, Rerooted(swap, definition)),
          absl::StrCat("insert into ", target, " select * from ",
                       dialect.Render(placement.source->name, kAsSpelled))};
}

void AppendExtras(const Swap& swap, const Exchange& exchange,
                  std::vector<std::string>* statements) {
  const dialect::Dialect& dialect = *swap.dialect;
  const RelationDetails& details = exchange.source_details;
  const std::string target =
      dialect.Render(exchange.placement.target.name, kAsSpelled);
  for (const IndexDetails& index : details.indexes) {
    statements->push_back(Rerooted(swap, index.statement));
  }
  if (!details.comment.empty()) {
    statements->push_back(
        CommentOn(RelationKindName(details.kind), target, details.comment));
  }
  for (const auto& [column, comment] : details.column_comments) {
    statements->push_back(CommentOn(
        "column", absl::StrCat(target, ".", dialect.QuoteIdentifier(column)),
        comment));
  }
}

}  // namespace

std::vector<clone::Operation> MakeSchemas(const Swap& swap) {
  std::vector<clone::Operation> operations;
  for (const SchemaName& schema : swap.missing_schemas) {
    clone::Operation operation;
    operation.id = static_cast<int>(operations.size()) + 1;
    operation.kind = clone::OperationKind::kCreateSchema;
    operation.reason = clone::OperationReason::kSchemaMissing;
    operation.statements = swap.dialect->CreateSchema(schema, kAsSpelled);
    operation.target =
        clone::PlannedRelation{{schema.database, schema.schema, ""},
                               RelationKind::kUnknown,
                               swap.dialect->RenderSchema(schema, kAsSpelled)};
    operation.explanation = absl::StrCat("the warehouse has no schema ",
                                         operation.target->rendered);
    operations.push_back(std::move(operation));
  }
  return operations;
}

std::string Rerooted(const Swap& swap, absl::string_view definition) {
  return dialect::ReplaceNames(definition, swap.reroot,
                               dialect::LexisOf(swap.dialect->type()));
}

std::string CreateView(const dialect::Dialect& dialect, absl::string_view verb,
                       const RelationName& name, absl::string_view definition) {
  return absl::StrCat(verb, " view ", dialect.Render(name, kAsSpelled), " ",
                      definition);
}

std::vector<std::string> CopyToPlace(const Swap& swap,
                                     const Exchange& exchange) {
  std::vector<std::string> statements;
  const RelationKind kind = exchange.placement.source->kind;
  if (kind == RelationKind::kTable) {
    statements = CopyTable(swap, exchange);
  } else if (kind == RelationKind::kView &&
             !exchange.source_details.definition.empty()) {
    statements = {
        CreateView(*swap.dialect, "create", exchange.placement.target.name,
                   Rerooted(swap, exchange.source_details.definition))};
  }
  if (!statements.empty()) AppendExtras(swap, exchange, &statements);
  return statements;
}

std::vector<std::string> CarryOver(const dialect::Dialect& dialect,
                                   const Exchange& exchange) {
  std::vector<std::string> statements;
  const RelationDetails& fresh = exchange.source_details;
  const RelationDetails& old = exchange.standing_details;
  const std::string target =
      dialect.Render(exchange.placement.target.name, kAsSpelled);
  if (fresh.comment.empty() && !old.comment.empty()) {
    statements.push_back(CommentOn(
        RelationKindName(exchange.placement.target.kind), target, old.comment));
  }
  for (const Grant& grant : old.grants) {
    if (std::find(fresh.grants.begin(), fresh.grants.end(), grant) !=
        fresh.grants.end()) {
      continue;
    }
    statements.push_back(absl::StrCat(
        "grant ", grant.privilege, " on ", target, " to ",
        grant.grantee.empty() ? "public"
                              : dialect.QuoteIdentifier(grant.grantee),
        grant.grantable ? " with grant option" : ""));
  }
  return statements;
}

std::vector<std::string> DropIndexes(const dialect::Dialect& dialect,
                                     const RelationDetails& details) {
  std::vector<std::string> statements;
  for (const IndexDetails& index : details.indexes) {
    statements.push_back(absl::StrCat(
        "drop index ",
        dialect.Render({details.name.database, details.name.schema, index.name},
                       kAsSpelled)));
  }
  return statements;
}

}  // namespace doppel::promotion

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

// An empty comment is none.
std::string CommentOn(absl::string_view what, absl::string_view name,
                      absl::string_view comment) {
  return absl::StrCat("comment on ", what, " ", name, " is ",
                      comment.empty() ? "null" : Literal(comment));
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

// What one relation, in its place, gets of what stood there.
class Carrier {
 public:
  Carrier(const dialect::Dialect& dialect, const Exchange& exchange)
      : dialect_(dialect),
        fresh_(exchange.source_details),
        old_(exchange.standing_details),
        kind_(exchange.placement.target.kind),
        target_(dialect.Render(exchange.placement.target.name, kAsSpelled)) {}

  Carried Run() && {
    AddComments();
    for (const Grant& grant : old_.grants) AddGrant(grant);
    for (const std::string& one : old_.attached) {
      if (!Has(fresh_.attached, one)) carried_.lost.push_back(one);
    }
    return std::move(carried_);
  }

 private:
  template <typename T>
  static bool Has(const std::vector<T>& all, const T& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  }

  void Add(std::string given, std::string taken_back) {
    carried_.given.push_back(std::move(given));
    carried_.taken_back.push_back(std::move(taken_back));
  }

  void AddComments() {
    const absl::string_view kind = RelationKindName(kind_);
    if (fresh_.comment.empty() && !old_.comment.empty()) {
      Add(CommentOn(kind, target_, old_.comment), CommentOn(kind, target_, ""));
    }
    for (const auto& [column, comment] : old_.column_comments) {
      if (!Has(fresh_.columns, column)) continue;
      const auto is_same = [&](const auto& one) { return one.first == column; };
      if (std::any_of(fresh_.column_comments.begin(),
                      fresh_.column_comments.end(), is_same)) {
        continue;
      }
      const std::string name =
          absl::StrCat(target_, ".", dialect_.QuoteIdentifier(column));
      Add(CommentOn("column", name, comment), CommentOn("column", name, ""));
    }
  }

  void AddGrant(const Grant& grant) {
    if (Has(fresh_.grants, grant)) return;
    if (!grant.column.empty() && !Has(fresh_.columns, grant.column)) {
      carried_.lost.push_back(absl::StrCat("that ", grant.privilege,
                                           " on its column ", grant.column,
                                           " is granted to ", Grantee(grant)));
      return;
    }
    Grant weaker = grant;
    weaker.grantable = false;
    const bool has_weaker = grant.grantable && Has(fresh_.grants, weaker);
    // What was passed on goes, too.
    Add(GrantOf(grant),
        absl::StrCat("revoke ", has_weaker ? "grant option for " : "",
                     Right(grant), " from ", Grantee(grant),
                     grant.grantable ? " cascade" : ""));
    if (!grant.column.empty()) return;
    // Those on single columns went with it.
    for (const Grant& own : fresh_.grants) {
      if (own.column.empty() || own.privilege != grant.privilege ||
          own.grantee != grant.grantee) {
        continue;
      }
      carried_.taken_back.push_back(GrantOf(own));
    }
  }

  std::string Grantee(const Grant& grant) const {
    return grant.grantee.empty() ? "public"
                                 : dialect_.QuoteIdentifier(grant.grantee);
  }
  // "select (id) on prod.orders"
  std::string Right(const Grant& grant) const {
    return absl::StrCat(
        grant.privilege,
        grant.column.empty()
            ? ""
            : absl::StrCat(" (", dialect_.QuoteIdentifier(grant.column), ")"),
        " on ", target_);
  }
  std::string GrantOf(const Grant& grant) const {
    return absl::StrCat("grant ", Right(grant), " to ", Grantee(grant),
                        grant.grantable ? " with grant option" : "");
  }

  const dialect::Dialect& dialect_;
  const RelationDetails& fresh_;
  const RelationDetails& old_;
  const RelationKind kind_;
  const std::string target_;
  Carried carried_;
};

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

Carried CarryOver(const dialect::Dialect& dialect, const Exchange& exchange) {
  return Carrier(dialect, exchange).Run();
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

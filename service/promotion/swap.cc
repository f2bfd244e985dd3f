#include "service/promotion/swap.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"
#include "service/promotion/statements.h"
#include "service/promotion/versions.h"

namespace doppel::promotion {
namespace {

using clone::Operation;
using clone::OperationKind;
using clone::PlannedRelation;

dialect::Standing StandingOf(const PlannedRelation& relation) {
  return {relation.name, relation.kind};
}

void Append(std::vector<std::string> more, std::vector<std::string>* all) {
  for (std::string& statement : more) all->push_back(std::move(statement));
}

class Writer {
 public:
  explicit Writer(const Swap& swap) : swap_(swap), dialect_(*swap.dialect) {}

  SwapOperations Atomic() &&;
  SwapOperations Staged() &&;

 private:
  // --- one transaction ---
  void TakeAway(const Exchange& exchange, std::vector<std::string>* statements);
  void Put(const Exchange& exchange, std::vector<std::string>* statements);
  void Fail(const PlannedRelation& relation, absl::string_view description) {
    out_.faults.push_back({relation.rendered, std::string(description)});
  }

  // --- one after the other ---
  Operation* Add(OperationKind kind, const Exchange& exchange,
                 std::vector<std::string> statements);
  void AddMove(const Exchange& exchange, const PlannedRelation& from,
               const PlannedRelation& to);
  // Whether one statement lets source and target change places.
  bool ChangesPlaces(const Exchange& exchange) const;
  void AddStages(const Exchange& exchange);
  void AddView(const Exchange& exchange);

  const Swap& swap_;
  const dialect::Dialect& dialect_;
  int before_ = 0;  // the operation that the next one of an exchange waits for
  SwapOperations out_;
};

// --- one transaction ---

void Writer::TakeAway(const Exchange& exchange,
                      std::vector<std::string>* statements) {
  if (!exchange.standing.has_value()) return;
  const PlannedRelation& standing = *exchange.standing;
  const auto& kept_as = exchange.placement.kept_as;
  if (!kept_as.has_value()) {
    Append(dialect_.Drop(standing.name, kAsSpelled, standing.kind), statements);
    return;
  }
  Append(exchange.beforehand, statements);
  std::vector<std::string> moved =
      dialect_.Move(StandingOf(standing), kept_as->name, kAsSpelled);
  if (moved.empty()) {
    Fail(standing, absl::StrCat("the warehouse renames no ",
                                RelationKindName(standing.kind)));
  }
  Append(DropIndexes(dialect_, exchange.standing_details), statements);
  Append(std::move(moved), statements);
}

void Writer::Put(const Exchange& exchange,
                 std::vector<std::string>* statements) {
  const clone::Placement& placement = exchange.placement;
  if (placement.source.has_value()) {
    std::vector<std::string> put =
        placement.copied ? CopyToPlace(swap_, exchange)
                         : dialect_.Move(StandingOf(*placement.source),
                                         placement.target.name, kAsSpelled);
    if (put.empty()) {
      Fail(*placement.source,
           absl::StrCat("a ", RelationKindName(placement.source->kind),
                        " can neither be moved to ", placement.target.rendered,
                        " nor copied there"));
    }
    Append(std::move(put), statements);
    Append(CarryOver(dialect_, exchange).given, statements);
  }
  Append(exchange.afterwards, statements);
}

SwapOperations Writer::Atomic() && {
  Operation operation;
  operation.id = 1;
  operation.kind = OperationKind::kSwap;
  operation.reason = clone::OperationReason::kPromoted;
  std::vector<std::string>& statements = operation.statements;
  statements = dialect_.BeginTransaction();
  for (const SchemaName& schema : swap_.missing_schemas) {
    Append(dialect_.CreateSchema(schema, kAsSpelled), &statements);
  }
  // Children first, for those that are dropped.
  for (auto it = swap_.exchanges.rbegin(); it != swap_.exchanges.rend(); ++it) {
    TakeAway(*it, &statements);
  }
  for (const Exchange& exchange : swap_.exchanges) Put(exchange, &statements);
  for (const Rebinding& rebinding : swap_.rebindings) {
    statements.push_back(CreateView(dialect_, "create or replace",
                                    rebinding.view, rebinding.definition));
  }
  for (const SchemaName& schema : swap_.emptied_schemas) {
    Append(dialect_.DropSchema(schema, kAsSpelled), &statements);
  }
  statements.emplace_back("commit");
  for (const Exchange& exchange : swap_.exchanges) {
    operation.placements.push_back(exchange.placement);
  }
  operation.explanation =
      absl::StrCat("puts ", swap_.exchanges.size(),
                   " relations in their places in one transaction: nobody "
                   "sees one of them missing, or some of them alone");
  out_.operations.push_back(std::move(operation));
  return std::move(out_);
}

// --- one after the other ---

Operation* Writer::Add(OperationKind kind, const Exchange& exchange,
                       std::vector<std::string> statements) {
  Operation operation;
  operation.id = static_cast<int>(out_.operations.size()) + 1;
  operation.kind = kind;
  operation.reason = clone::OperationReason::kPromoted;
  operation.unique_id = exchange.placement.unique_id;
  operation.statements = std::move(statements);
  if (before_ != 0) operation.depends_on = {before_};
  before_ = operation.id;
  out_.operations.push_back(std::move(operation));
  return &out_.operations.back();
}

void Writer::AddMove(const Exchange& exchange, const PlannedRelation& from,
                     const PlannedRelation& to) {
  std::vector<std::string> moved =
      dialect_.Move(StandingOf(from), to.name, kAsSpelled);
  if (moved.empty()) {
    Fail(from, absl::StrCat("the warehouse cannot rename it to ", to.rendered));
  }
  Operation* operation =
      Add(OperationKind::kRename, exchange, std::move(moved));
  operation->source = from;
  operation->target = to;
  operation->explanation =
      absl::StrCat(from.rendered, " becomes ", to.rendered);
}

// A view is replaced in its place; what it was is written down beside it.
void Writer::AddView(const Exchange& exchange) {
  const clone::Placement& placement = exchange.placement;
  if (exchange.standing.has_value() && placement.kept_as.has_value()) {
    AddMove(exchange, *exchange.standing, *placement.kept_as);
  }
  std::vector<std::string> made = CopyToPlace(swap_, exchange);
  if (made.empty()) {
    Fail(*placement.source, "its definition cannot be read in the catalog");
  }
  Operation* operation =
      Add(OperationKind::kPointerView, exchange, std::move(made));
  operation->source = placement.source;
  operation->target = placement.target;
  operation->explanation = "the same view, of what is in its new place";
}

bool Writer::ChangesPlaces(const Exchange& exchange) const {
  const clone::Placement& placement = exchange.placement;
  return placement.source.has_value() && !placement.copied &&
         exchange.standing.has_value() && placement.kept_as.has_value() &&
         dialect_.SwapRelations(StandingOf(*placement.source),
                                StandingOf(*exchange.standing), kAsSpelled)
                 .size() == 1;
}

void Writer::AddStages(const Exchange& exchange) {
  const clone::Placement& placement = exchange.placement;
  before_ = 0;
  const bool puts = placement.source.has_value();
  if (puts && placement.copied &&
      placement.source->kind == RelationKind::kView) {
    AddView(exchange);
  } else if (ChangesPlaces(exchange)) {
    // They change places in one statement; then the old one goes aside.
    Operation* operation =
        Add(OperationKind::kSwap, exchange,
            dialect_.SwapRelations(StandingOf(*placement.source),
                                   StandingOf(*exchange.standing), kAsSpelled));
    operation->source = placement.source;
    operation->target = placement.target;
    operation->explanation = absl::StrCat(
        placement.source->rendered, " and ", placement.target.rendered,
        " change places in one step; readers of other relations see it before "
        "theirs");
    PlannedRelation old = *exchange.standing;
    old.name = placement.source->name;
    old.rendered = placement.source->rendered;
    AddMove(exchange, old, *placement.kept_as);
  } else {
    if (exchange.standing.has_value() && placement.kept_as.has_value()) {
      AddMove(exchange, *exchange.standing, *placement.kept_as);
    } else if (exchange.standing.has_value()) {
      Operation* operation =
          Add(OperationKind::kDrop, exchange,
              dialect_.Drop(exchange.standing->name, kAsSpelled,
                            exchange.standing->kind));
      operation->target = exchange.standing;
      operation->explanation = "the copy goes; its source is still there";
    }
    if (puts && placement.copied) {
      const bool is_clone = dialect_.CanClone(placement.source->kind, {});
      Operation* operation =
          Add(is_clone ? OperationKind::kCloneTable : OperationKind::kCopyTable,
              exchange, CopyToPlace(swap_, exchange));
      operation->source = placement.source;
      operation->target = placement.target;
      operation->explanation = "until it is there, its place is empty";
    } else if (puts) {
      AddMove(exchange, *placement.source, placement.target);
    }
  }
  if (before_ != 0) {
    out_.operations[before_ - 1].placements = {placement};
  }
}

SwapOperations Writer::Staged() && {
  out_.operations = MakeSchemas(swap_);
  const int schemas = static_cast<int>(out_.operations.size());
  for (const Exchange& exchange : swap_.exchanges) AddStages(exchange);
  for (size_t i = schemas; i < out_.operations.size(); ++i) {
    if (!out_.operations[i].depends_on.empty()) continue;
    for (int id = 1; id <= schemas; ++id) {
      out_.operations[i].depends_on.push_back(id);
    }
  }
  return std::move(out_);
}

}  // namespace

bool IsAtomic(const dialect::Dialect& dialect) {
  return dialect.capabilities().swap == dialect::Swap::kTransaction;
}

std::string MarkOf(absl::string_view what, absl::string_view tag) {
  return absl::StrCat("doppel ", what, " ", tag);
}

bool MakesVersions(const dialect::Dialect& dialect) {
  return dialect.capabilities().swap == dialect::Swap::kVersions;
}

bool CanMove(const dialect::Dialect& dialect, const PlannedRelation& relation,
             const RelationName& to) {
  return !dialect.Move(StandingOf(relation), to, kAsSpelled).empty();
}

RelationName AsideName(const dialect::Dialect& dialect,
                       const RelationName& name, absl::string_view what) {
  const std::string schema =
      dialect.Beside({"", "", name.schema}, what).identifier;
  const RelationName apart = {name.database, schema, name.identifier};
  if (IsAtomic(dialect) &&
      CanMove(dialect, {name, RelationKind::kTable, ""}, apart)) {
    return apart;
  }
  return dialect.Beside(name, what);
}

SwapOperations OperationsOf(const Swap& swap) {
  if (MakesVersions(*swap.dialect)) return VersionOperations(swap);
  Writer writer(swap);
  return IsAtomic(*swap.dialect) ? std::move(writer).Atomic()
                                 : std::move(writer).Staged();
}

}  // namespace doppel::promotion

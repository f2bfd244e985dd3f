#include "service/execution/ownership.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/execution/journal.h"
#include "service/execution/preconditions.h"
#include "service/execution/world.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

RelationKind MadeKind(clone::OperationKind kind) {
  switch (kind) {
    case clone::OperationKind::kPointerView:
    case clone::OperationKind::kView:
      return RelationKind::kView;
    case clone::OperationKind::kCloneTable:
    case clone::OperationKind::kCopyTable:
      return RelationKind::kTable;
    default:
      return RelationKind::kUnknown;
  }
}

// What is put in the place of another is the environment's own.
bool Makes(const clone::Operation& operation) {
  return operation.kind == clone::OperationKind::kCreateSchema ||
         (MadeKind(operation.kind) != RelationKind::kUnknown &&
          operation.placements.empty());
}

// Whether the operation takes from the ledger what it is about.
bool Disowns(const clone::Operation& operation) {
  return operation.kind == clone::OperationKind::kDrop ||
         operation.reason == clone::OperationReason::kTargetGone ||
         operation.reason == clone::OperationReason::kTakenOver;
}

// What stood in a place is kept for a while, and is doppel's to drop after.
bool Keeps(const clone::Placement& placement) {
  return placement.kept_as.has_value() && placement.expires;
}

}  // namespace

bool MakesRelation(const clone::Operation& operation) {
  return MadeKind(operation.kind) != RelationKind::kUnknown ||
         std::any_of(operation.placements.begin(), operation.placements.end(),
                     &Keeps);
}

std::vector<SchemaName> SchemasOfMade(const clone::Operation& operation) {
  std::vector<SchemaName> schemas;
  if (operation.target.has_value()) {
    schemas.push_back(operation.target->name.schema_name());
  }
  for (const clone::Placement& placement : operation.placements) {
    if (!Keeps(placement)) continue;
    schemas.push_back(placement.kept_as->name.schema_name());
  }
  return schemas;
}

Ownership::Ownership(const clone::Plan* plan, absl::string_view execution)
    : plan_(*plan), execution_(execution) {
  for (const clone::Precondition& precondition : plan_.preconditions) {
    if (precondition.kind == clone::PreconditionKind::kSourceRelation) {
      sources_.emplace(precondition.subject, &precondition);
    } else if (precondition.kind == clone::PreconditionKind::kTargetRelation) {
      targets_.emplace(precondition.subject, &precondition);
    }
  }
}

// A relation is called as the catalog spells it, which the preconditions know.
store::LedgerRecord Ownership::RecordOf(
    const clone::Operation& operation) const {
  store::LedgerRecord record;
  record.connection = plan_.connection;
  record.relation = operation.target->name;
  record.execution = execution_;
  const auto known = targets_.find(operation.target->rendered);
  if (Makes(operation) && known != targets_.end()) {
    record.relation = known->second->name;
  }
  return record;
}

void Ownership::Record(const clone::Operation& operation, absl::Time now,
                       Journal::Entry* entry) const {
  for (const clone::Placement& placement : operation.placements) {
    RecordPlacement(placement, now, entry);
  }
  if (!operation.target.has_value()) return;
  store::LedgerRecord record = RecordOf(operation);
  if (Disowns(operation)) {
    entry->disowned.push_back(std::move(record));
    return;
  }
  if (!Makes(operation)) return;
  record.kind = MadeKind(operation.kind);
  record.environment = plan_.target_environment;
  record.unique_id = operation.unique_id;
  if (operation.source.has_value()) {
    record.source = operation.source->name;
    const auto known = sources_.find(operation.source->rendered);
    if (known != sources_.end()) {
      record.source = known->second->name;
      record.source_version = ParseExpected(known->second->expected).version;
    }
  }
  record.definition = clone::DefinitionOf(operation.statements);
  record.create_time = now;
  entry->owned.push_back(std::move(record));
}

void Ownership::See(const clone::Operation& operation, const World& world,
                    Journal::Entry* entry) const {
  for (const clone::Placement& placement : operation.placements) {
    SeeKept(placement, world, entry);
  }
  if (!Makes(operation) || !operation.target.has_value()) return;
  store::LedgerRecord record = RecordOf(operation);
  const CatalogEntry* const found = world.Find(record.relation);
  if (found == nullptr || found->version.empty()) return;
  if (found->kind != MadeKind(operation.kind)) return;
  record.target_version = found->version;
  entry->seen.push_back(std::move(record));
}

void Ownership::SeeKept(const clone::Placement& placement, const World& world,
                        Journal::Entry* entry) const {
  if (!Keeps(placement)) return;
  const CatalogEntry* const found = world.Find(placement.kept_as->name);
  if (found == nullptr || found->version.empty()) return;
  store::LedgerRecord record;
  record.connection = plan_.connection;
  record.relation = placement.kept_as->name;
  record.execution = execution_;
  record.target_version = found->version;
  entry->seen.push_back(std::move(record));
}

void Ownership::RecordPlacement(const clone::Placement& placement,
                                absl::Time now, Journal::Entry* entry) const {
  const auto of = [&](const RelationName& name) {
    store::LedgerRecord record;
    record.connection = plan_.connection;
    record.relation = name;
    return record;
  };
  // What is promoted is nobody's copy any more, and what moved is gone.
  entry->disowned.push_back(of(placement.target.name));
  if (placement.source.has_value() && !placement.copied) {
    entry->disowned.push_back(of(placement.source->name));
    // The schema that held what was kept is dropped or left with it.
    const SchemaName held = placement.source->name.schema_name();
    if (plan_.kind == clone::PlanKind::kRollback &&
        held != placement.target.name.schema_name()) {
      entry->disowned.push_back(of({held.database, held.schema, ""}));
    }
  }
  if (!Keeps(placement)) return;
  store::LedgerRecord kept = of(placement.kept_as->name);
  kept.kind = placement.kept_as->kind;
  kept.environment = plan_.target_environment;
  kept.unique_id = placement.unique_id;
  kept.execution = execution_;
  kept.source = placement.target.name;
  kept.create_time = now;
  kept.expire_time = now + absl::Seconds(plan_.keep_seconds);
  if (kept.relation.schema_name() != placement.target.name.schema_name()) {
    store::LedgerRecord schema = kept;
    schema.relation.identifier.clear();
    schema.kind = RelationKind::kUnknown;
    schema.unique_id.clear();
    schema.source = {};
    entry->owned.push_back(std::move(schema));
  }
  entry->owned.push_back(std::move(kept));
}

}  // namespace doppel::execution

#include "service/execution/preparation.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/execution/changes.h"
#include "service/execution/journal.h"
#include "service/execution/operation_state.h"
#include "service/execution/ownership.h"
#include "service/execution/preconditions.h"
#include "service/execution/recover.h"
#include "service/execution/world.h"
#include "service/store/store.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {
namespace {

using store::OperationRecord;
using store::OperationStatus;

absl::Status UnclearError() {
  return Error(absl::StatusCode::kFailedPrecondition,
               Reason::kWarehouseStatementFailed,
               "the server stopped while it ran, and its target is neither as "
               "before nor as it should be; look at it and plan again");
}

// Says of an operation that was under way what became of it.
void Settle(const clone::Operation& operation, const World& world,
            Effect effect, absl::Time now, const Ownership& ownership,
            OperationRecord* record, Journal::Entry* found) {
  if (effect == Effect::kNotDone || effect == Effect::kRepeat) {
    record->status = OperationStatus::kPending;
    found->operations.push_back(*record);
    return;
  }
  record->end_time = now;
  if (effect == Effect::kDone) {
    record->status = OperationStatus::kSucceeded;
    ownership.Record(operation, now, found);
    ownership.See(operation, world, found);
  } else {
    record->status = OperationStatus::kFailed;
    record->error = ToErrorRecord(UnclearError());
  }
  AddOperation(*record, now, found);
}

// What the process that died had sent must not take effect after the look at
// what became of it.
absl::Status EndSessions(const clone::Plan& plan,
                         const std::vector<OperationRecord>& operations,
                         warehouse::Warehouse* warehouse) {
  absl::flat_hash_set<std::string> ended;
  std::vector<RelationName> made;
  for (const OperationRecord& record : operations) {
    if (record.status != OperationStatus::kRunning) continue;
    const clone::Operation& operation =
        plan.operations[record.operation_id - 1];
    for (const clone::PlannedRelation* relation : ChangedBy(operation)) {
      if (!relation->name.identifier.empty()) made.push_back(relation->name);
    }
    if (record.session.empty() || !ended.insert(record.session).second) {
      continue;
    }
    DOPPEL_RETURN_IF_ERROR(warehouse->EndSession(record.session, {}));
  }
  return warehouse->ClearLeftovers(made, {});
}

// Notes the versions of what was made before, where the process ended before it
// could look.
absl::Status SeeMade(const clone::Plan& plan,
                     const store::ExecutionRecord& execution,
                     const std::vector<OperationRecord>& known,
                     const World& world, store::Store* store,
                     const Ownership& ownership, Journal::Entry* found) {
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<store::LedgerRecord> ledger,
                          store->ListLedger(plan.connection, ""));
  absl::flat_hash_set<RelationName> unseen;
  for (const store::LedgerRecord& record : ledger) {
    if (record.execution != execution.id) continue;
    if (record.target_version.empty()) {
      unseen.insert(world.KeyOf(record.relation));
    }
  }
  for (const OperationRecord& record : known) {
    if (record.status != OperationStatus::kSucceeded) continue;
    const clone::Operation& operation =
        plan.operations[record.operation_id - 1];
    const bool is_unseen =
        (operation.target.has_value() &&
         unseen.contains(world.KeyOf(operation.target->name))) ||
        !operation.placements.empty();
    if (is_unseen) ownership.See(operation, world, found);
  }
  return absl::OkStatus();
}

// The names that operations which are over have to do with: what was true of
// them before need not be any more.
absl::flat_hash_set<RelationName> TouchedNames(
    const clone::Plan& plan, const std::vector<OperationRecord>& operations,
    const World& world) {
  absl::flat_hash_set<RelationName> touched;
  for (size_t i = 0; i < operations.size(); ++i) {
    const clone::Operation& operation = plan.operations[i];
    if (!IsEnded(operations[i].status)) continue;
    if (operations[i].status == OperationStatus::kSkipped) continue;
    for (const clone::PlannedRelation* relation : ChangedBy(operation)) {
      touched.insert(world.KeyOf(relation->name));
    }
  }
  return touched;
}

}  // namespace

absl::StatusOr<clone::Plan> LoadPlan(store::Store* store,
                                     absl::string_view id) {
  DOPPEL_ASSIGN_OR_RETURN(const store::PlanRecord record, store->GetPlan(id));
  DOPPEL_ASSIGN_OR_RETURN(clone::Plan plan, clone::PlanFromJson(record.json));
  plan.id = record.id;
  DOPPEL_RET_CHECK(clone::FingerprintOf(plan) == record.fingerprint);
  return plan;
}

absl::Status CheckFingerprint(const clone::Plan& plan,
                              absl::string_view fingerprint) {
  const std::string actual = clone::FingerprintOf(plan);
  if (actual == fingerprint) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition,
               Reason::kFingerprintMismatch,
               absl::StrCat("plan \"", plan.id, "\" has the fingerprint ",
                            actual, ", not \"", fingerprint,
                            "\": it is not the plan that was reviewed"))
      .With("plan", plan.id)
      .With("fingerprint", actual)
      .With("given", fingerprint)
      .Resource("plan", absl::StrCat("plans/", plan.id));
}

absl::Status CheckWorld(const clone::Plan& plan,
                        warehouse::Warehouse* warehouse, store::Store* store) {
  DOPPEL_ASSIGN_OR_RETURN(const World world,
                          World::Read(warehouse, SchemasOf(plan), {}));
  if (!plan.manifest_after.empty()) {
    DOPPEL_RETURN_IF_ERROR(store->GetManifest(plan.manifest_after).status());
  }
  DOPPEL_RETURN_IF_ERROR(CheckPreconditions(plan, world, store, nullptr));
  return CheckProtection(plan, world, store);
}

absl::StatusOr<Resumption> PrepareResumption(
    const clone::Plan& plan, const store::ExecutionRecord& execution,
    const std::vector<OperationRecord>& known, warehouse::Warehouse* warehouse,
    store::Store* store, absl::Time now) {
  Resumption resumption;
  resumption.operations = AllOperations(plan, known);
  DOPPEL_RETURN_IF_ERROR(EndSessions(plan, resumption.operations, warehouse));
  std::vector<DetailsWish> wishes;
  for (size_t i = 0; i < resumption.operations.size(); ++i) {
    if (resumption.operations[i].status != OperationStatus::kRunning) continue;
    for (DetailsWish& wish : WishesOf(plan.operations[i])) {
      wishes.push_back(std::move(wish));
    }
  }
  DOPPEL_ASSIGN_OR_RETURN(const World world,
                          World::Read(warehouse, SchemasOf(plan), {}, wishes));
  const Ownership ownership(&plan, execution.id);
  for (size_t i = 0; i < resumption.operations.size(); ++i) {
    OperationRecord& record = resumption.operations[i];
    if (record.status != OperationStatus::kRunning) continue;
    const clone::Operation& operation = plan.operations[i];
    Settle(operation, world, EffectOf(plan, operation, world), now, ownership,
           &record, &resumption.found);
  }
  DOPPEL_RETURN_IF_ERROR(SeeMade(plan, execution, known, world, store,
                                 ownership, &resumption.found));
  const absl::flat_hash_set<RelationName> touched =
      TouchedNames(plan, resumption.operations, world);
  DOPPEL_RETURN_IF_ERROR(CheckPreconditions(
      plan, world, store, [&](const clone::Precondition& precondition) {
        return precondition.kind != clone::PreconditionKind::kEnvironment &&
               touched.contains(world.KeyOf(precondition.name));
      }));
  return resumption;
}

}  // namespace doppel::execution

#include "service/execution/preconditions.h"

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/base/error.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/clone/preconditions.h"
#include "service/execution/world.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

constexpr absl::string_view kAbsent = "absent";

// The environment's etag now; "absent" without it.
absl::StatusOr<std::string> EtagOf(const clone::Precondition& precondition,
                                   store::Store* store) {
  absl::string_view id = precondition.subject;
  absl::ConsumePrefix(&id, "environments/");
  const absl::StatusOr<store::EnvironmentRecord> found =
      store->GetEnvironment(id);
  if (absl::IsNotFound(found.status())) return std::string(kAbsent);
  DOPPEL_RETURN_IF_ERROR(found.status());
  return found->etag;
}

absl::string_view ViolationType(clone::PreconditionKind kind) {
  switch (kind) {
    case clone::PreconditionKind::kEnvironment:
      return "ETAG";
    case clone::PreconditionKind::kSchema:
      return "SCHEMA";
    default:
      return "RELATION";
  }
}

// The relation that the operation takes away from its present state, if any.
const clone::PlannedRelation* LossOf(const clone::Operation& operation) {
  if (operation.kind == clone::OperationKind::kSkip) return nullptr;
  // It was lost when it was replaced.
  if (operation.reason == clone::OperationReason::kSuperseded) return nullptr;
  // A promotion takes nothing away for good, and the way back only a copy whose
  // source is as it was.
  if (operation.reason == clone::OperationReason::kPromoted) return nullptr;
  if (operation.replaces.has_value()) return &*operation.replaces;
  // What changes its name or its place is not lost.
  const bool takes = operation.kind == clone::OperationKind::kDrop;
  return takes && operation.target.has_value() ? &*operation.target : nullptr;
}

absl::Status Protected(absl::string_view environment,
                       const std::vector<const clone::PlannedRelation*>& lost) {
  Error error(absl::StatusCode::kFailedPrecondition,
              Reason::kEnvironmentProtected,
              absl::StrCat("environment \"", environment,
                           "\" is protected and the plan changes ", lost.size(),
                           " relation(s) there that doppel did not make, ",
                           lost.front()->rendered, " among them"));
  error.With("environment", environment).With("relations", lost.size());
  for (const clone::PlannedRelation* relation : lost) {
    error.Precondition("RELATION", relation->rendered, "is not doppel's own");
  }
  return error;
}

}  // namespace

ExpectedRelation ParseExpected(absl::string_view expected) {
  if (expected == kAbsent) return {true, "", ""};
  const size_t at = expected.find('@');
  if (at == absl::string_view::npos) return {false, std::string(expected), ""};
  return {false, std::string(expected.substr(0, at)),
          std::string(expected.substr(at + 1))};
}

std::vector<SchemaName> SchemasOf(const clone::Plan& plan) {
  std::set<SchemaName> schemas;
  for (const clone::Precondition& precondition : plan.preconditions) {
    if (precondition.kind == clone::PreconditionKind::kEnvironment) continue;
    schemas.insert(precondition.name.schema_name());
  }
  for (const clone::Operation& operation : plan.operations) {
    if (operation.kind == clone::OperationKind::kSkip) continue;
    if (operation.target.has_value()) {
      schemas.insert(operation.target->name.schema_name());
    }
  }
  return {schemas.begin(), schemas.end()};
}

absl::Status WorldChanged(const std::vector<clone::Violation>& changes) {
  const clone::Violation& first = changes.front();
  std::string message = absl::StrCat(
      "the world changed since the plan was made: ", first.precondition.subject,
      " was ", first.precondition.expected, " and is ", first.found);
  if (changes.size() > 1) {
    absl::StrAppend(&message, "; and ", changes.size() - 1, " more");
  }
  absl::StrAppend(&message, "; plan again");
  Error error(absl::StatusCode::kFailedPrecondition, Reason::kWorldChanged,
              message);
  error.With("changes", changes.size());
  for (const clone::Violation& change : changes) {
    error.Precondition(ViolationType(change.precondition.kind),
                       change.precondition.subject,
                       absl::StrCat("was ", change.precondition.expected,
                                    ", is ", change.found));
  }
  return error;
}

absl::StatusOr<std::vector<clone::Violation>> ChangedEnvironments(
    const clone::Plan& plan, store::Store* store) {
  std::vector<clone::Violation> changes;
  for (const clone::Precondition& precondition : plan.preconditions) {
    if (precondition.kind != clone::PreconditionKind::kEnvironment) continue;
    DOPPEL_ASSIGN_OR_RETURN(std::string etag, EtagOf(precondition, store));
    if (etag == precondition.expected) continue;
    changes.push_back({precondition, std::move(etag)});
  }
  return changes;
}

absl::Status CheckPreconditions(const clone::Plan& plan, const World& world,
                                store::Store* store,
                                const LeaveOut& leave_out) {
  DOPPEL_ASSIGN_OR_RETURN(std::vector<clone::Violation> changes,
                          ChangedEnvironments(plan, store));
  for (clone::Violation& violation : world.Violations(plan)) {
    if (leave_out && leave_out(violation.precondition)) continue;
    changes.push_back(std::move(violation));
  }
  return changes.empty() ? absl::OkStatus() : WorldChanged(changes);
}

absl::Status CheckProtection(const clone::Plan& plan, const World& world,
                             store::Store* store) {
  if (plan.target_environment.empty()) return absl::OkStatus();
  const absl::StatusOr<store::EnvironmentRecord> target =
      store->GetEnvironment(plan.target_environment);
  // That it is gone is a precondition's to say.
  if (absl::IsNotFound(target.status())) return absl::OkStatus();
  DOPPEL_RETURN_IF_ERROR(target.status());
  if (!target->is_protected) return absl::OkStatus();
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<store::LedgerRecord> ledger,
                          store->ListLedger(plan.connection, ""));
  absl::flat_hash_set<RelationName> owned;
  for (const store::LedgerRecord& record : ledger) {
    owned.insert(world.KeyOf(record.relation));
  }
  std::vector<const clone::PlannedRelation*> lost;
  for (const clone::Operation& operation : plan.operations) {
    const clone::PlannedRelation* loss = LossOf(operation);
    if (loss != nullptr && !owned.contains(world.KeyOf(loss->name))) {
      lost.push_back(loss);
    }
  }
  return lost.empty() ? absl::OkStatus()
                      : Protected(plan.target_environment, lost);
}

}  // namespace doppel::execution

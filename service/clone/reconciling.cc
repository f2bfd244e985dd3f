#include "service/clone/reconciling.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/clone/decision.h"
#include "service/clone/plan.h"
#include "service/clone/planner.h"
#include "service/dialect/dialect.h"

namespace doppel::clone {
namespace {

constexpr dialect::Quoting kAsSpelled = {true, true, true};

// Whether what stands there has the kind of what doppel made.
bool HasItsKind(const LedgerFact& fact, const CatalogEntry& target) {
  if (target.kind == RelationKind::kUnknown) return true;
  const RelationKind made = fact.made_by == OperationKind::kPointerView
                                ? RelationKind::kView
                                : RelationKind::kTable;
  return target.kind == made;
}

// Why the target cannot be taken for what doppel made; kUpToDate where it can.
Decision ChangeOf(const Reconciling& reconciling) {
  const LedgerFact& fact = *reconciling.fact;
  const CatalogEntry& target = reconciling.target;
  if (!HasItsKind(fact, target)) {
    return Skip(OperationReason::kTargetChanged,
                "it is no longer of the kind that doppel made");
  }
  if (target.version == fact.target_version) {
    return Skip(OperationReason::kUpToDate);
  }
  // Where the warehouse has no versions, nothing can be told of any target.
  if (target.version.empty()) return Skip(OperationReason::kUpToDate);
  if (fact.target_version.empty()) {
    return Skip(OperationReason::kNotVerified,
                "nobody saw it after doppel made it");
  }
  return Skip(OperationReason::kTargetChanged,
              "somebody changed it since doppel made it");
}

Decision OfPointerView(const Reconciling& reconciling) {
  const bool stays_a_view =
      reconciling.source.kind != RelationKind::kTable ||
      reconciling.on_no_zero_copy == NoZeroCopy::kPointerView;
  if (stays_a_view) return Skip(OperationReason::kUpToDate);
  return Skip(OperationReason::kDrifted, "the target is a pointer view");
}

}  // namespace

Decision Reconcile(const Reconciling& reconciling) {
  if (reconciling.fact == nullptr) {
    return Skip(OperationReason::kTargetExists,
                ": doppel did not make it, so cannot tell what it was made "
                "from");
  }
  const LedgerFact& fact = *reconciling.fact;
  const Decision change = ChangeOf(reconciling);
  if (change.reason != OperationReason::kUpToDate) {
    if (!reconciling.overwrite_changed) return change;
    return Skip(OperationReason::kDrifted,
                absl::StrCat("of the target: ", change.also));
  }
  const dialect::Dialect& dialect = reconciling.dialect;
  if (dialect.CatalogKey(fact.source, kAsSpelled) != reconciling.source_key) {
    return Skip(OperationReason::kDrifted,
                "the target was made from another relation");
  }
  if (fact.made_by == OperationKind::kPointerView) {
    return OfPointerView(reconciling);
  }
  if (reconciling.has_as_of) {
    return Skip(OperationReason::kDrifted,
                "it is not known as of when the target was made");
  }
  const std::string& now = reconciling.source.version;
  const bool knows = !now.empty() && !fact.source_version.empty();
  if (knows && now != fact.source_version) {
    return Skip(OperationReason::kDrifted,
                "the source has changed since the target was made");
  }
  if (knows && !dialect.capabilities().versions_miss_changes) {
    return Skip(OperationReason::kUpToDate);
  }
  return Skip(OperationReason::kDrifted,
              "the warehouse does not tell whether the source changed");
}

}  // namespace doppel::clone

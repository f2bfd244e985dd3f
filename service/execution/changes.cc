#include "service/execution/changes.h"

#include <vector>

#include "service/clone/plan.h"

namespace doppel::execution {

std::vector<const clone::PlannedRelation*> ChangedBy(
    const clone::Operation& operation) {
  std::vector<const clone::PlannedRelation*> changed;
  if (operation.kind == clone::OperationKind::kSkip) return changed;
  if (operation.target.has_value()) changed.push_back(&*operation.target);
  if (operation.replaces.has_value()) changed.push_back(&*operation.replaces);
  const bool moves = operation.kind == clone::OperationKind::kRename ||
                     operation.kind == clone::OperationKind::kSwap;
  if (moves && operation.source.has_value()) {
    changed.push_back(&*operation.source);
  }
  for (const clone::Placement& placement : operation.placements) {
    changed.push_back(&placement.target);
    if (placement.source.has_value()) changed.push_back(&*placement.source);
    if (placement.kept_as.has_value()) changed.push_back(&*placement.kept_as);
  }
  return changed;
}

}  // namespace doppel::execution

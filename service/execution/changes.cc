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
  return changed;
}

}  // namespace doppel::execution

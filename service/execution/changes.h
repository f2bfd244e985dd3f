// Which relations an operation changes.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_EXECUTION_CHANGES_H_
#define DOPPEL_SERVICE_EXECUTION_CHANGES_H_

#include <vector>

#include "service/clone/plan.h"

namespace doppel::execution {

// Those that are another thing, or elsewhere, once it is done: what it makes,
// replaces, drops or moves. A skip changes none. They point into the operation.
std::vector<const clone::PlannedRelation*> ChangedBy(
    const clone::Operation& operation);

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_CHANGES_H_

// How a candidate's target is made: names, options and what stands there.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_CLONE_MAKING_H_
#define DOPPEL_SERVICE_CLONE_MAKING_H_

#include <string>
#include <vector>

#include "service/clone/candidates.h"
#include "service/clone/decision.h"
#include "service/clone/plan.h"
#include "service/clone/planner.h"
#include "service/clone/world.h"
#include "service/dialect/dialect.h"

namespace doppel::clone {

// Of a candidate that is not skipped.
dialect::Making MakingOf(const CloneInputs& inputs, const World& world,
                         const Candidate& candidate, const Decision& decision);

// None for a skip.
std::vector<std::string> StatementsFor(const dialect::Dialect& dialect,
                                       OperationKind kind,
                                       const dialect::Making& making);

// Whether the ledger's relation was made by such a view's statements, whatever
// stood in its place then.
bool WasMadeSo(const dialect::Dialect& dialect, const LedgerFact& fact,
               dialect::Making view);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_MAKING_H_

// dbt's selection methods: which nodes a criterion matches by itself, before
// graph operators and tests (dbt 1.12, graph/selector_methods.py).
//
// Thread contract: pure functions. `selector:` is not among them: it is
// evaluated by the Evaluator, since it selects by other selectors.
#ifndef DOPPEL_SERVICE_SELECTION_METHODS_H_
#define DOPPEL_SERVICE_SELECTION_METHODS_H_

#include "absl/status/statusor.h"
#include "service/base/dbt_version.h"
#include "service/manifest/manifest.h"
#include "service/selection/node_set.h"
#include "service/selection/selection.h"
#include "service/selection/spec.h"

namespace doppel::selection {

// The enabled nodes that the criterion's method matches. Errors:
// INVALID_ARGUMENT SELECTION_INVALID_VALUE; FAILED_PRECONDITION
// STATE_MANIFEST_REQUIRED, RUN_RESULTS_REQUIRED, SOURCE_FRESHNESS_REQUIRED,
// CONTRACT_BROKEN.
absl::StatusOr<NodeSet> MatchMethod(const Criterion& criterion,
                                    const SelectionInputs& inputs,
                                    DbtVersion dbt = {});

}  // namespace doppel::selection

#endif  // DOPPEL_SERVICE_SELECTION_METHODS_H_

// dbt's other artifacts, as far as selection and gates look at them.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_SELECTION_ARTIFACTS_H_
#define DOPPEL_SERVICE_SELECTION_ARTIFACTS_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/selection/selection.h"

namespace doppel::selection {

// A run_results.json of v4 (dbt 1.0) to v6 (dbt 1.12 and v2). INVALID_ARGUMENT
// ARTIFACT_INVALID for anything else, naming what was found instead.
absl::StatusOr<RunResults> ParseRunResults(absl::string_view bytes);

// A sources.json of v1 (dbt 0.19) to v3: unique id -> max_loaded_at of the
// sources that were reached. INVALID_ARGUMENT ARTIFACT_INVALID for anything
// else.
absl::StatusOr<std::map<std::string, std::string>> ParseSources(
    absl::string_view bytes);

}  // namespace doppel::selection

#endif  // DOPPEL_SERVICE_SELECTION_ARTIFACTS_H_

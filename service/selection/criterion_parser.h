// The command line's syntax: text -> Spec (dbt 1.12, graph/cli.py and
// SelectionCriteria.from_single_spec).
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_SELECTION_CRITERION_PARSER_H_
#define DOPPEL_SERVICE_SELECTION_CRITERION_PARSER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/dbt_version.h"
#include "service/base/error.h"
#include "service/selection/selection.h"
#include "service/selection/spec.h"

namespace doppel::selection {

// One criterion, such as "@tag:nightly" or "2+orders+1". INVALID_ARGUMENT
// SELECTION_SYNTAX ("@" with a trailing "+", a line break),
// SELECTION_UNKNOWN_METHOD.
absl::StatusOr<Criterion> ParseCriterion(Origin origin, IndirectSelection mode,
                                         DbtVersion dbt = {});

// What dbt makes of --select and --exclude together: words united, parts of a
// word intersected, the excluded taken away. Nothing selected: everything.
absl::StatusOr<Spec> ParseArguments(const SelectionRequest& request);

// The method of a value that names none: path, file or fqn.
Method DefaultMethod(absl::string_view value);

// An error about a piece of a selection: names field and column, and carries
// both for programs.
Error SelectionError(Reason reason, const Origin& origin,
                     absl::string_view message);

}  // namespace doppel::selection

#endif  // DOPPEL_SERVICE_SELECTION_CRITERION_PARSER_H_

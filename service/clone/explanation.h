// The reasons of a plan's operations in words.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_CLONE_EXPLANATION_H_
#define DOPPEL_SERVICE_CLONE_EXPLANATION_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "service/clone/candidates.h"
#include "service/clone/plan.h"
#include "service/clone/time_travel.h"
#include "service/dialect/dialect.h"

namespace doppel::clone {

// Why the operation is what it is. `also` is a second reason's subject: the
// unique id of the node that took the target.
std::string Explain(const Operation& operation, const Candidate& candidate,
                    const dialect::Dialect& dialect, absl::string_view also,
                    const std::optional<PointInTime>& as_of);

// Why such a table cannot be cloned zero-copy.
std::string WhyNoZeroCopy(const Candidate& candidate,
                          const dialect::Dialect& dialect);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_EXPLANATION_H_

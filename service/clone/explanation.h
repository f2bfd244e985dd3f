// The reasons of a plan's operations in words.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_CLONE_EXPLANATION_H_
#define DOPPEL_SERVICE_CLONE_EXPLANATION_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "service/clone/candidates.h"
#include "service/clone/decision.h"
#include "service/clone/plan.h"
#include "service/clone/time_travel.h"
#include "service/dialect/dialect.h"

namespace doppel::clone {

// Why the operation is what it is.
std::string Explain(const Operation& operation, const Candidate& candidate,
                    const dialect::Dialect& dialect, const Decision& decision,
                    const std::optional<PointInTime>& as_of);

// Why the candidate's relation in the target reads what is not the target's.
std::string ExplainEscape(const Escape& escape, const Candidate& candidate,
                          const Decision& decision,
                          const dialect::Dialect& dialect);

// Why such a table cannot be cloned zero-copy.
std::string WhyNoZeroCopy(const Candidate& candidate,
                          const dialect::Dialect& dialect);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_EXPLANATION_H_

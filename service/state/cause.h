// One reason why a node counts as changed, and one finding that dbt warns of.
#ifndef DOPPEL_SERVICE_STATE_CAUSE_H_
#define DOPPEL_SERVICE_STATE_CAUSE_H_

#include <string>
#include <vector>

#include "service/state/state_value.h"

namespace doppel::state {

struct Cause {
  CauseKind kind = CauseKind::kNew;
  std::string subject;
  // kMacro: unique ids from the first macro that the node calls to the changed
  // one, which is last.
  std::vector<std::string> path;
  // What changed, where it is short: "\"view\" -> \"table\"". May be empty.
  std::string detail;
  // A config or relation whose text is the same on both sides and only renders
  // differently: by target, variable, or the flags of the dbt that wrote it.
  bool from_environment = false;

  friend bool operator==(const Cause&, const Cause&) = default;
};

// "config:meta", "macro:macro.shop.clean"; the kind alone without a subject.
std::string CauseText(const Cause& cause);

// A finding that dbt prints as a warning: "UnversionedBreakingChange",
// "SeedExceedsLimitSamePath", ... with dbt's own text.
struct Warning {
  std::string name;
  std::string message;

  friend bool operator==(const Warning&, const Warning&) = default;
};

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_CAUSE_H_

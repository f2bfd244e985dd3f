// What there is to do for one node, before it is an operation.
//
// Thread contract: plain data.
#ifndef DOPPEL_SERVICE_CLONE_DECISION_H_
#define DOPPEL_SERVICE_CLONE_DECISION_H_

#include <string>

#include "absl/strings/string_view.h"
#include "service/clone/closing.h"
#include "service/clone/plan.h"

namespace doppel::clone {

struct Decision {
  OperationKind kind = OperationKind::kSkip;
  OperationReason reason = OperationReason::kTargetExists;
  std::string also = {};  // for the explanation
  // A view that is there already: nothing is to be done unless it is to read
  // something else now.
  bool unless_same = false;
  Closing closing = {};  // of a view that is to be closed
};

inline Decision Skip(OperationReason reason, absl::string_view also = "") {
  return {OperationKind::kSkip, reason, std::string(also), false, {}};
}

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_DECISION_H_

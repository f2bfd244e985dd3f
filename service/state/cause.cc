#include "service/state/cause.h"

#include "absl/strings/str_cat.h"

namespace doppel::state {

std::string CauseText(const Cause& cause) {
  return absl::StrCat(CauseKindName(cause.kind),
                      cause.subject.empty() ? "" : ":", cause.subject);
}

}  // namespace doppel::state

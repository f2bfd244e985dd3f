#include "service/cleanup/verdict.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/cleanup/cleanup.h"
#include "service/clone/plan.h"

namespace doppel::cleanup {

using clone::OperationReason;

Verdict Judge(const Owned& owned, const std::string& rendered,
              const CatalogEntry* found) {
  if (found == nullptr) {
    return {OperationReason::kTargetGone,
            absl::StrCat(rendered, " is not there any more")};
  }
  const bool tells_kind = found->kind != RelationKind::kUnknown;
  if (tells_kind && found->kind != owned.kind) {
    return {
        OperationReason::kTakenOver,
        absl::StrCat("doppel made a ", RelationKindName(owned.kind), ", and ",
                     rendered, " is a ", RelationKindName(found->kind),
                     " now: somebody took it over, and it is kept")};
  }
  // Where the warehouse has no versions, the kind has to do.
  if (!found->version.empty() && owned.version.empty()) {
    return {OperationReason::kNotVerified,
            absl::StrCat("executions/", owned.execution,
                         " ended before it saw what it had made, so whether ",
                         rendered,
                         " is still that cannot be told, and it is kept; drop "
                         "it yourself, or clone it anew before")};
  }
  if (found->version != owned.version) {
    return {OperationReason::kTakenOver,
            absl::StrCat(rendered,
                         " is not as doppel made it: somebody changed it or "
                         "put something else in its place, and it is kept")};
  }
  return {OperationReason::kExpired,
          absl::StrCat("doppel made it for environments/", owned.environment,
                       " in executions/", owned.execution,
                       ", and nobody changed it since")};
}

}  // namespace doppel::cleanup

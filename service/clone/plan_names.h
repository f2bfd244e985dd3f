// The enums of a plan by the names that plan.h gives them.
#ifndef DOPPEL_SERVICE_CLONE_PLAN_NAMES_H_
#define DOPPEL_SERVICE_CLONE_PLAN_NAMES_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "service/clone/plan.h"

namespace doppel::clone {

std::optional<PlanKind> PlanKindFromName(absl::string_view name);
std::optional<OperationKind> OperationKindFromName(absl::string_view name);
std::optional<OperationReason> OperationReasonFromName(absl::string_view name);
std::optional<EscapeReason> EscapeReasonFromName(absl::string_view name);
std::optional<PreconditionKind> PreconditionKindFromName(
    absl::string_view name);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_PLAN_NAMES_H_

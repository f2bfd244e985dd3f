// What PlanPromotion and PlanRollback ask the promotion room: environments,
// gate, catalog and details made firm.
//
// Thread contract: functions that may be called from any thread.
#ifndef DOPPEL_SERVICE_RPC_PROMOTION_QUESTION_H_
#define DOPPEL_SERVICE_RPC_PROMOTION_QUESTION_H_

#include <stop_token>

#include "absl/status/statusor.h"
#include "doppel/v1/planning_service.pb.h"
#include "service/clone/plan.h"
#include "service/rpc/services.h"

namespace doppel::rpc {

// The plan, without its id. Stores the manifest that the target environment
// has afterwards, unless validate_only is set. Errors: as PlanPromotion's.
absl::StatusOr<clone::Plan> PlanPromotionOf(
    const Services& services, const v1::PlanPromotionRequest& request,
    std::stop_token stop);

// The plan, without its id. Errors: as PlanRollback's.
absl::StatusOr<clone::Plan> PlanRollbackOf(
    const Services& services, const v1::PlanRollbackRequest& request,
    std::stop_token stop);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_PROMOTION_QUESTION_H_

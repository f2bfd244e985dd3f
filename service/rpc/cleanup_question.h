// A PlanCleanupRequest with every name made firm, planned.
//
// Thread contract: functions that may be called from any thread.
#ifndef DOPPEL_SERVICE_RPC_CLEANUP_QUESTION_H_
#define DOPPEL_SERVICE_RPC_CLEANUP_QUESTION_H_

#include <stop_token>

#include "absl/status/statusor.h"
#include "doppel/v1/planning_service.pb.h"
#include "service/clone/plan.h"
#include "service/rpc/services.h"

namespace doppel::rpc {

// The plan, without its id. Reads the warehouse's catalog once for each
// connection that it looks at. Errors: those of PlanningService.PlanCleanup.
absl::StatusOr<clone::Plan> PlanCleanupOf(const Services& services,
                                          const v1::PlanCleanupRequest& request,
                                          std::stop_token stop);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_CLEANUP_QUESTION_H_

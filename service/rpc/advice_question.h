// An AdviseRequest, answered: the needs weighed, the case counted.
//
// Thread contract: functions that may be called from any thread.
#ifndef DOPPEL_SERVICE_RPC_ADVICE_QUESTION_H_
#define DOPPEL_SERVICE_RPC_ADVICE_QUESTION_H_

#include <stop_token>

#include "absl/status/status.h"
#include "doppel/v1/planning_service.pb.h"
#include "service/rpc/services.h"

namespace doppel::rpc {

// Asks no warehouse. Errors: those of PlanningService.Advise.
absl::Status AdviseOf(const Services& services, const v1::AdviseRequest& in,
                      v1::AdviseResponse* out, std::stop_token stop);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_ADVICE_QUESTION_H_

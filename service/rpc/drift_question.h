// A DetectDriftRequest with every name made firm, answered.
//
// Thread contract: functions that may be called from any thread.
#ifndef DOPPEL_SERVICE_RPC_DRIFT_QUESTION_H_
#define DOPPEL_SERVICE_RPC_DRIFT_QUESTION_H_

#include <stop_token>

#include "absl/status/status.h"
#include "doppel/v1/environment_service.pb.h"
#include "service/rpc/services.h"

namespace doppel::rpc {

// One page of what drifted. Reads the warehouse's catalog once. Errors: those
// of EnvironmentService.DetectDrift.
absl::Status DetectDriftOf(const Services& services,
                           const v1::DetectDriftRequest& in,
                           v1::DetectDriftResponse* out, std::stop_token stop);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_DRIFT_QUESTION_H_

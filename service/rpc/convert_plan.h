// Plans: native -> protobuf.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_RPC_CONVERT_PLAN_H_
#define DOPPEL_SERVICE_RPC_CONVERT_PLAN_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "doppel/v1/plan.pb.h"
#include "service/clone/plan.h"

namespace doppel::rpc {

v1::Operation ToProto(const clone::Operation& operation);

// The plan, with operations and preconditions unless the view is BASIC.
v1::ClonePlan ToProto(const clone::Plan& plan, absl::string_view fingerprint,
                      absl::Time create_time, bool full);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_CONVERT_PLAN_H_

// Plans as the store keeps them, and how the calls that make one answer.
//
// Thread contract: functions that may be called from any thread.
#ifndef DOPPEL_SERVICE_RPC_STORED_PLAN_H_
#define DOPPEL_SERVICE_RPC_STORED_PLAN_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/plan.pb.h"
#include "google/protobuf/message.h"
#include "service/clone/plan.h"
#include "service/rpc/services.h"

namespace doppel::rpc {

// The plan of that id. NOT_FOUND PLAN_NOT_FOUND.
absl::StatusOr<clone::Plan> LoadPlan(const Services& services,
                                     absl::string_view id);

// How a call that makes a plan is to answer.
struct PlanAnswer {
  absl::string_view method;  // "PlanClone"
  bool validate_only = false;
  bool full = true;  // with operations and preconditions
};

// Answers a request that was answered before (by its request_id) as then; else
// makes the plan, keeps it unless it is only validated, and answers with it.
// Errors: those of FindAnswer and of `make`.
absl::StatusOr<v1::ClonePlan> AnswerWithPlan(
    const Services& services, const google::protobuf::Message& request,
    const PlanAnswer& answer,
    const std::function<absl::StatusOr<clone::Plan>()>& make);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_STORED_PLAN_H_

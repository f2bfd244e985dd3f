// PlanningService without gRPC: protobuf in, protobuf out, absl::Status back.
// The contract is in proto/doppel/v1/planning_service.proto.
//
// Thread contract: thread-safe.
#ifndef DOPPEL_SERVICE_RPC_PLANNING_HANDLERS_H_
#define DOPPEL_SERVICE_RPC_PLANNING_HANDLERS_H_

#include <functional>
#include <memory>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "doppel/v1/planning_service.pb.h"
#include "service/rpc/reactors.h"
#include "service/rpc/services.h"

namespace doppel::rpc {

class PlanningHandlers {
 public:
  // `services` outlives the handlers.
  explicit PlanningHandlers(const Services* services) : services_(*services) {}

  absl::Status ResolveDeferral(const v1::ResolveDeferralRequest& in,
                               v1::ResolveDeferralResponse* out,
                               std::stop_token stop);
  absl::Status ListNodeResolutions(const v1::ListNodeResolutionsRequest& in,
                                   v1::ListNodeResolutionsResponse* out,
                                   std::stop_token stop);
  absl::StatusOr<
      std::unique_ptr<MessageSource<v1::DownloadDeferralStateResponse>>>
  DownloadDeferralState(const v1::DownloadDeferralStateRequest& in,
                        std::function<void()> wake, std::stop_token stop);
  absl::Status PlanClone(const v1::PlanCloneRequest& in,
                         v1::PlanCloneResponse* out, std::stop_token stop);
  absl::Status PlanPromotion(const v1::PlanPromotionRequest& in,
                             v1::PlanPromotionResponse* out,
                             std::stop_token stop);
  absl::Status PlanRollback(const v1::PlanRollbackRequest& in,
                            v1::PlanRollbackResponse* out,
                            std::stop_token stop);
  absl::Status PlanCleanup(const v1::PlanCleanupRequest& in,
                           v1::PlanCleanupResponse* out, std::stop_token stop);
  absl::Status GetPlan(const v1::GetPlanRequest& in, v1::GetPlanResponse* out,
                       std::stop_token stop);
  absl::Status ListPlans(const v1::ListPlansRequest& in,
                         v1::ListPlansResponse* out, std::stop_token stop);
  absl::Status ListOperations(const v1::ListOperationsRequest& in,
                              v1::ListOperationsResponse* out,
                              std::stop_token stop);
  absl::Status Advise(const v1::AdviseRequest& in, v1::AdviseResponse* out,
                      std::stop_token stop);

 private:
  const Services& services_;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_PLANNING_HANDLERS_H_

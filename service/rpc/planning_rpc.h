// The gRPC face of PlanningService: each method hands its request to the
// handler of the same name, by one of the shapes of reactors.h, and does
// nothing else.
//
// Thread contract: thread-safe. Handlers and environment outlive it.
#ifndef DOPPEL_SERVICE_RPC_PLANNING_RPC_H_
#define DOPPEL_SERVICE_RPC_PLANNING_RPC_H_

#include "doppel/v1/planning_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "service/rpc/planning_handlers.h"
#include "service/rpc/reactors.h"

namespace doppel::rpc {

class PlanningRpc final : public v1::PlanningService::CallbackService {
 public:
  PlanningRpc(const CallEnvironment& environment, PlanningHandlers* handlers)
      : environment_(environment), handlers_(*handlers) {}

  grpc::ServerUnaryReactor* ResolveDeferral(
      grpc::CallbackServerContext* context,
      const v1::ResolveDeferralRequest* request,
      v1::ResolveDeferralResponse* response) override;
  grpc::ServerUnaryReactor* ListNodeResolutions(
      grpc::CallbackServerContext* context,
      const v1::ListNodeResolutionsRequest* request,
      v1::ListNodeResolutionsResponse* response) override;
  grpc::ServerWriteReactor<v1::DownloadDeferralStateResponse>*
  DownloadDeferralState(
      grpc::CallbackServerContext* context,
      const v1::DownloadDeferralStateRequest* request) override;
  grpc::ServerUnaryReactor* PlanClone(grpc::CallbackServerContext* context,
                                      const v1::PlanCloneRequest* request,
                                      v1::PlanCloneResponse* response) override;
  grpc::ServerUnaryReactor* PlanPromotion(
      grpc::CallbackServerContext* context,
      const v1::PlanPromotionRequest* request,
      v1::PlanPromotionResponse* response) override;
  grpc::ServerUnaryReactor* PlanRollback(
      grpc::CallbackServerContext* context,
      const v1::PlanRollbackRequest* request,
      v1::PlanRollbackResponse* response) override;
  grpc::ServerUnaryReactor* PlanCleanup(
      grpc::CallbackServerContext* context,
      const v1::PlanCleanupRequest* request,
      v1::PlanCleanupResponse* response) override;
  grpc::ServerUnaryReactor* GetPlan(grpc::CallbackServerContext* context,
                                    const v1::GetPlanRequest* request,
                                    v1::GetPlanResponse* response) override;
  grpc::ServerUnaryReactor* ListPlans(grpc::CallbackServerContext* context,
                                      const v1::ListPlansRequest* request,
                                      v1::ListPlansResponse* response) override;
  grpc::ServerUnaryReactor* ListOperations(
      grpc::CallbackServerContext* context,
      const v1::ListOperationsRequest* request,
      v1::ListOperationsResponse* response) override;
  grpc::ServerUnaryReactor* Advise(grpc::CallbackServerContext* context,
                                   const v1::AdviseRequest* request,
                                   v1::AdviseResponse* response) override;

 private:
  const CallEnvironment environment_;
  PlanningHandlers& handlers_;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_PLANNING_RPC_H_

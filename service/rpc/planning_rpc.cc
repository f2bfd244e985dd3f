#include "service/rpc/planning_rpc.h"

#include <functional>
#include <stop_token>
#include <utility>

#include "doppel/v1/planning_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "service/rpc/reactors.h"

namespace doppel::rpc {

grpc::ServerUnaryReactor* PlanningRpc::ResolveDeferral(
    grpc::CallbackServerContext*, const v1::ResolveDeferralRequest* request,
    v1::ResolveDeferralResponse* response) {
  return Unary(environment_, "ResolveDeferral", request, response, handlers_,
               &PlanningHandlers::ResolveDeferral);
}

grpc::ServerUnaryReactor* PlanningRpc::ListNodeResolutions(
    grpc::CallbackServerContext*, const v1::ListNodeResolutionsRequest* request,
    v1::ListNodeResolutionsResponse* response) {
  return Unary(environment_, "ListNodeResolutions", request, response,
               handlers_, &PlanningHandlers::ListNodeResolutions);
}

grpc::ServerWriteReactor<v1::DownloadDeferralStateResponse>*
PlanningRpc::DownloadDeferralState(
    grpc::CallbackServerContext*,
    const v1::DownloadDeferralStateRequest* request) {
  return StreamReactor<v1::DownloadDeferralStateResponse>::Start(
      environment_, "DownloadDeferralState",
      [this, request](std::function<void()> wake, std::stop_token stop) {
        return handlers_.DownloadDeferralState(*request, std::move(wake),
                                               std::move(stop));
      });
}

grpc::ServerUnaryReactor* PlanningRpc::PlanClone(
    grpc::CallbackServerContext*, const v1::PlanCloneRequest* request,
    v1::PlanCloneResponse* response) {
  return Unary(environment_, "PlanClone", request, response, handlers_,
               &PlanningHandlers::PlanClone);
}

grpc::ServerUnaryReactor* PlanningRpc::PlanPromotion(
    grpc::CallbackServerContext*, const v1::PlanPromotionRequest* request,
    v1::PlanPromotionResponse* response) {
  return Unary(environment_, "PlanPromotion", request, response, handlers_,
               &PlanningHandlers::PlanPromotion);
}

grpc::ServerUnaryReactor* PlanningRpc::PlanRollback(
    grpc::CallbackServerContext*, const v1::PlanRollbackRequest* request,
    v1::PlanRollbackResponse* response) {
  return Unary(environment_, "PlanRollback", request, response, handlers_,
               &PlanningHandlers::PlanRollback);
}

grpc::ServerUnaryReactor* PlanningRpc::PlanCleanup(
    grpc::CallbackServerContext*, const v1::PlanCleanupRequest* request,
    v1::PlanCleanupResponse* response) {
  return Unary(environment_, "PlanCleanup", request, response, handlers_,
               &PlanningHandlers::PlanCleanup);
}

grpc::ServerUnaryReactor* PlanningRpc::GetPlan(
    grpc::CallbackServerContext*, const v1::GetPlanRequest* request,
    v1::GetPlanResponse* response) {
  return Unary(environment_, "GetPlan", request, response, handlers_,
               &PlanningHandlers::GetPlan);
}

grpc::ServerUnaryReactor* PlanningRpc::ListPlans(
    grpc::CallbackServerContext*, const v1::ListPlansRequest* request,
    v1::ListPlansResponse* response) {
  return Unary(environment_, "ListPlans", request, response, handlers_,
               &PlanningHandlers::ListPlans);
}

grpc::ServerUnaryReactor* PlanningRpc::ListOperations(
    grpc::CallbackServerContext*, const v1::ListOperationsRequest* request,
    v1::ListOperationsResponse* response) {
  return Unary(environment_, "ListOperations", request, response, handlers_,
               &PlanningHandlers::ListOperations);
}

grpc::ServerUnaryReactor* PlanningRpc::Advise(grpc::CallbackServerContext*,
                                              const v1::AdviseRequest* request,
                                              v1::AdviseResponse* response) {
  return Unary(environment_, "Advise", request, response, handlers_,
               &PlanningHandlers::Advise);
}

}  // namespace doppel::rpc

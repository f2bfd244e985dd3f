#include "service/rpc/execution_rpc.h"

#include <functional>
#include <stop_token>
#include <utility>

#include "doppel/v1/execution_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "service/rpc/reactors.h"

namespace doppel::rpc {

grpc::ServerWriteReactor<v1::ExecutePlanResponse>* ExecutionRpc::ExecutePlan(
    grpc::CallbackServerContext*, const v1::ExecutePlanRequest* request) {
  return StreamReactor<v1::ExecutePlanResponse>::Start(
      environment_, "ExecutePlan",
      [this, request](std::function<void()> wake, std::stop_token stop) {
        return handlers_.ExecutePlan(*request, std::move(wake),
                                     std::move(stop));
      });
}

grpc::ServerWriteReactor<v1::WatchExecutionResponse>*
ExecutionRpc::WatchExecution(grpc::CallbackServerContext*,
                             const v1::WatchExecutionRequest* request) {
  return StreamReactor<v1::WatchExecutionResponse>::Start(
      environment_, "WatchExecution",
      [this, request](std::function<void()> wake, std::stop_token stop) {
        return handlers_.WatchExecution(*request, std::move(wake),
                                        std::move(stop));
      });
}

grpc::ServerUnaryReactor* ExecutionRpc::GetExecution(
    grpc::CallbackServerContext*, const v1::GetExecutionRequest* request,
    v1::GetExecutionResponse* response) {
  return Unary(environment_, "GetExecution", request, response, handlers_,
               &ExecutionHandlers::GetExecution);
}

grpc::ServerUnaryReactor* ExecutionRpc::ListExecutions(
    grpc::CallbackServerContext*, const v1::ListExecutionsRequest* request,
    v1::ListExecutionsResponse* response) {
  return Unary(environment_, "ListExecutions", request, response, handlers_,
               &ExecutionHandlers::ListExecutions);
}

grpc::ServerUnaryReactor* ExecutionRpc::CancelExecution(
    grpc::CallbackServerContext*, const v1::CancelExecutionRequest* request,
    v1::CancelExecutionResponse* response) {
  return Unary(environment_, "CancelExecution", request, response, handlers_,
               &ExecutionHandlers::CancelExecution);
}

grpc::ServerUnaryReactor* ExecutionRpc::ResumeExecution(
    grpc::CallbackServerContext*, const v1::ResumeExecutionRequest* request,
    v1::ResumeExecutionResponse* response) {
  return Unary(environment_, "ResumeExecution", request, response, handlers_,
               &ExecutionHandlers::ResumeExecution);
}

}  // namespace doppel::rpc

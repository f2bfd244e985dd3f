// The gRPC face of ExecutionService: each method hands its request to the
// handler of the same name, by one of the shapes of reactors.h, and does
// nothing else.
//
// Thread contract: thread-safe. Handlers and environment outlive it.
#ifndef DOPPEL_SERVICE_RPC_EXECUTION_RPC_H_
#define DOPPEL_SERVICE_RPC_EXECUTION_RPC_H_

#include "doppel/v1/execution_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "service/rpc/execution_handlers.h"
#include "service/rpc/reactors.h"

namespace doppel::rpc {

class ExecutionRpc final : public v1::ExecutionService::CallbackService {
 public:
  ExecutionRpc(const CallEnvironment& environment, ExecutionHandlers* handlers)
      : environment_(environment), handlers_(*handlers) {}

  grpc::ServerWriteReactor<v1::ExecutePlanResponse>* ExecutePlan(
      grpc::CallbackServerContext* context,
      const v1::ExecutePlanRequest* request) override;
  grpc::ServerWriteReactor<v1::WatchExecutionResponse>* WatchExecution(
      grpc::CallbackServerContext* context,
      const v1::WatchExecutionRequest* request) override;
  grpc::ServerUnaryReactor* GetExecution(
      grpc::CallbackServerContext* context,
      const v1::GetExecutionRequest* request,
      v1::GetExecutionResponse* response) override;
  grpc::ServerUnaryReactor* ListExecutions(
      grpc::CallbackServerContext* context,
      const v1::ListExecutionsRequest* request,
      v1::ListExecutionsResponse* response) override;
  grpc::ServerUnaryReactor* CancelExecution(
      grpc::CallbackServerContext* context,
      const v1::CancelExecutionRequest* request,
      v1::CancelExecutionResponse* response) override;
  grpc::ServerUnaryReactor* ResumeExecution(
      grpc::CallbackServerContext* context,
      const v1::ResumeExecutionRequest* request,
      v1::ResumeExecutionResponse* response) override;

 private:
  const CallEnvironment environment_;
  ExecutionHandlers& handlers_;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_EXECUTION_RPC_H_

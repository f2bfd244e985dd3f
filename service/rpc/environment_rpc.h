// The gRPC face of EnvironmentService: each method hands its request to the
// handler of the same name, by one of the shapes of reactors.h, and does
// nothing else.
//
// Thread contract: thread-safe. Handlers and environment outlive it.
#ifndef DOPPEL_SERVICE_RPC_ENVIRONMENT_RPC_H_
#define DOPPEL_SERVICE_RPC_ENVIRONMENT_RPC_H_

#include "doppel/v1/environment_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "service/rpc/environment_handlers.h"
#include "service/rpc/reactors.h"

namespace doppel::rpc {

class EnvironmentRpc final : public v1::EnvironmentService::CallbackService {
 public:
  EnvironmentRpc(const CallEnvironment& environment,
                 EnvironmentHandlers* handlers)
      : environment_(environment), handlers_(*handlers) {}

  grpc::ServerUnaryReactor* CreateEnvironment(
      grpc::CallbackServerContext* context,
      const v1::CreateEnvironmentRequest* request,
      v1::CreateEnvironmentResponse* response) override;
  grpc::ServerUnaryReactor* GetEnvironment(
      grpc::CallbackServerContext* context,
      const v1::GetEnvironmentRequest* request,
      v1::GetEnvironmentResponse* response) override;
  grpc::ServerUnaryReactor* ListEnvironments(
      grpc::CallbackServerContext* context,
      const v1::ListEnvironmentsRequest* request,
      v1::ListEnvironmentsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateEnvironment(
      grpc::CallbackServerContext* context,
      const v1::UpdateEnvironmentRequest* request,
      v1::UpdateEnvironmentResponse* response) override;
  grpc::ServerUnaryReactor* DeleteEnvironment(
      grpc::CallbackServerContext* context,
      const v1::DeleteEnvironmentRequest* request,
      v1::DeleteEnvironmentResponse* response) override;
  grpc::ServerUnaryReactor* ListRelations(
      grpc::CallbackServerContext* context,
      const v1::ListRelationsRequest* request,
      v1::ListRelationsResponse* response) override;
  grpc::ServerUnaryReactor* DetectDrift(
      grpc::CallbackServerContext* context,
      const v1::DetectDriftRequest* request,
      v1::DetectDriftResponse* response) override;

 private:
  const CallEnvironment environment_;
  EnvironmentHandlers& handlers_;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_ENVIRONMENT_RPC_H_

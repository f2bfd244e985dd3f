// The gRPC face of CapabilitiesService: each method hands its request to the
// handler of the same name, by one of the shapes of reactors.h, and does
// nothing else.
//
// Thread contract: thread-safe. Handlers and environment outlive it.
#ifndef DOPPEL_SERVICE_RPC_CAPABILITIES_RPC_H_
#define DOPPEL_SERVICE_RPC_CAPABILITIES_RPC_H_

#include "doppel/v1/capabilities_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "service/rpc/capabilities_handlers.h"
#include "service/rpc/reactors.h"

namespace doppel::rpc {

class CapabilitiesRpc final : public v1::CapabilitiesService::CallbackService {
 public:
  CapabilitiesRpc(const CallEnvironment& environment,
                  CapabilitiesHandlers* handlers)
      : environment_(environment), handlers_(*handlers) {}

  grpc::ServerUnaryReactor* GetCapabilities(
      grpc::CallbackServerContext* context,
      const v1::GetCapabilitiesRequest* request,
      v1::GetCapabilitiesResponse* response) override;

 private:
  const CallEnvironment environment_;
  CapabilitiesHandlers& handlers_;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_CAPABILITIES_RPC_H_

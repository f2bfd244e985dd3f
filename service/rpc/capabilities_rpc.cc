#include "service/rpc/capabilities_rpc.h"

#include <functional>
#include <stop_token>
#include <utility>

#include "doppel/v1/capabilities_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "service/rpc/reactors.h"

namespace doppel::rpc {

grpc::ServerUnaryReactor* CapabilitiesRpc::GetCapabilities(
    grpc::CallbackServerContext*, const v1::GetCapabilitiesRequest* request,
    v1::GetCapabilitiesResponse* response) {
  return Unary(environment_, "GetCapabilities", request, response, handlers_,
               &CapabilitiesHandlers::GetCapabilities);
}

}  // namespace doppel::rpc

// CapabilitiesService without gRPC. The contract is in
// proto/doppel/v1/capabilities_service.proto.
//
// Thread contract: thread-safe.
#ifndef DOPPEL_SERVICE_RPC_CAPABILITIES_HANDLERS_H_
#define DOPPEL_SERVICE_RPC_CAPABILITIES_HANDLERS_H_

#include <stop_token>

#include "absl/status/status.h"
#include "doppel/v1/capabilities_service.pb.h"
#include "service/rpc/services.h"

namespace doppel::rpc {

class CapabilitiesHandlers {
 public:
  // `services` outlives the handlers.
  explicit CapabilitiesHandlers(const Services* services)
      : services_(*services) {}

  absl::Status GetCapabilities(const v1::GetCapabilitiesRequest& in,
                               v1::GetCapabilitiesResponse* out,
                               std::stop_token stop);

 private:
  const Services& services_;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_CAPABILITIES_HANDLERS_H_

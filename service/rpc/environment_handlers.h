// EnvironmentService without gRPC: protobuf in, protobuf out, absl::Status
// back. The contract is in proto/doppel/v1/environment_service.proto.
//
// Thread contract: thread-safe.
#ifndef DOPPEL_SERVICE_RPC_ENVIRONMENT_HANDLERS_H_
#define DOPPEL_SERVICE_RPC_ENVIRONMENT_HANDLERS_H_

#include <stop_token>

#include "absl/status/status.h"
#include "doppel/v1/environment_service.pb.h"
#include "service/rpc/services.h"
#include "service/store/store.h"

namespace doppel::rpc {

class EnvironmentHandlers {
 public:
  // `services` outlives the handlers.
  explicit EnvironmentHandlers(const Services* services)
      : services_(*services) {}

  absl::Status CreateEnvironment(const v1::CreateEnvironmentRequest& in,
                                 v1::CreateEnvironmentResponse* out,
                                 std::stop_token stop);
  absl::Status GetEnvironment(const v1::GetEnvironmentRequest& in,
                              v1::GetEnvironmentResponse* out,
                              std::stop_token stop);
  absl::Status ListEnvironments(const v1::ListEnvironmentsRequest& in,
                                v1::ListEnvironmentsResponse* out,
                                std::stop_token stop);
  absl::Status UpdateEnvironment(const v1::UpdateEnvironmentRequest& in,
                                 v1::UpdateEnvironmentResponse* out,
                                 std::stop_token stop);
  absl::Status DeleteEnvironment(const v1::DeleteEnvironmentRequest& in,
                                 v1::DeleteEnvironmentResponse* out,
                                 std::stop_token stop);
  absl::Status ListRelations(const v1::ListRelationsRequest& in,
                             v1::ListRelationsResponse* out,
                             std::stop_token stop);
  absl::Status DetectDrift(const v1::DetectDriftRequest& in,
                           v1::DetectDriftResponse* out, std::stop_token stop);

 private:
  // That the manifest and the connection that the record names are there.
  absl::Status CheckReferences(const store::EnvironmentRecord& record) const;

  const Services& services_;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_ENVIRONMENT_HANDLERS_H_

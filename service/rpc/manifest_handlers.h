// ManifestService without gRPC: protobuf in, protobuf out, absl::Status back.
// The contract is in proto/doppel/v1/manifest_service.proto.
//
// Thread contract: thread-safe.
#ifndef DOPPEL_SERVICE_RPC_MANIFEST_HANDLERS_H_
#define DOPPEL_SERVICE_RPC_MANIFEST_HANDLERS_H_

#include <memory>
#include <stop_token>

#include "absl/status/status.h"
#include "doppel/v1/manifest_service.pb.h"
#include "service/rpc/reactors.h"
#include "service/rpc/services.h"

namespace doppel::rpc {

using UploadSink =
    MessageSink<v1::UploadManifestRequest, v1::UploadManifestResponse>;

class ManifestHandlers {
 public:
  // `services` outlives the handlers.
  explicit ManifestHandlers(const Services* services) : services_(*services) {}

  absl::Status FindMissingManifests(const v1::FindMissingManifestsRequest& in,
                                    v1::FindMissingManifestsResponse* out,
                                    std::stop_token stop);
  std::unique_ptr<UploadSink> UploadManifest();
  absl::Status GetManifest(const v1::GetManifestRequest& in,
                           v1::GetManifestResponse* out, std::stop_token stop);
  absl::Status ListManifests(const v1::ListManifestsRequest& in,
                             v1::ListManifestsResponse* out,
                             std::stop_token stop);
  absl::Status DeleteManifest(const v1::DeleteManifestRequest& in,
                              v1::DeleteManifestResponse* out,
                              std::stop_token stop);
  absl::Status ListNodes(const v1::ListNodesRequest& in,
                         v1::ListNodesResponse* out, std::stop_token stop);
  absl::Status CompareManifests(const v1::CompareManifestsRequest& in,
                                v1::CompareManifestsResponse* out,
                                std::stop_token stop);

 private:
  const Services& services_;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_MANIFEST_HANDLERS_H_

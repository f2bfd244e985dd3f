// The gRPC face of ManifestService: each method hands its request to the
// handler of the same name, by one of the shapes of reactors.h, and does
// nothing else.
//
// Thread contract: thread-safe. Handlers and environment outlive it.
#ifndef DOPPEL_SERVICE_RPC_MANIFEST_RPC_H_
#define DOPPEL_SERVICE_RPC_MANIFEST_RPC_H_

#include "doppel/v1/manifest_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "service/rpc/manifest_handlers.h"
#include "service/rpc/reactors.h"

namespace doppel::rpc {

class ManifestRpc final : public v1::ManifestService::CallbackService {
 public:
  ManifestRpc(const CallEnvironment& environment, ManifestHandlers* handlers)
      : environment_(environment), handlers_(*handlers) {}

  grpc::ServerUnaryReactor* FindMissingManifests(
      grpc::CallbackServerContext* context,
      const v1::FindMissingManifestsRequest* request,
      v1::FindMissingManifestsResponse* response) override;
  grpc::ServerReadReactor<v1::UploadManifestRequest>* UploadManifest(
      grpc::CallbackServerContext* context,
      v1::UploadManifestResponse* response) override;
  grpc::ServerUnaryReactor* GetManifest(
      grpc::CallbackServerContext* context,
      const v1::GetManifestRequest* request,
      v1::GetManifestResponse* response) override;
  grpc::ServerUnaryReactor* ListManifests(
      grpc::CallbackServerContext* context,
      const v1::ListManifestsRequest* request,
      v1::ListManifestsResponse* response) override;
  grpc::ServerUnaryReactor* DeleteManifest(
      grpc::CallbackServerContext* context,
      const v1::DeleteManifestRequest* request,
      v1::DeleteManifestResponse* response) override;
  grpc::ServerUnaryReactor* ListNodes(grpc::CallbackServerContext* context,
                                      const v1::ListNodesRequest* request,
                                      v1::ListNodesResponse* response) override;
  grpc::ServerUnaryReactor* CompareManifests(
      grpc::CallbackServerContext* context,
      const v1::CompareManifestsRequest* request,
      v1::CompareManifestsResponse* response) override;

 private:
  const CallEnvironment environment_;
  ManifestHandlers& handlers_;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_MANIFEST_RPC_H_

#include "service/rpc/manifest_rpc.h"

#include <functional>
#include <stop_token>
#include <utility>

#include "doppel/v1/manifest_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "service/rpc/reactors.h"

namespace doppel::rpc {

grpc::ServerUnaryReactor* ManifestRpc::FindMissingManifests(
    grpc::CallbackServerContext*,
    const v1::FindMissingManifestsRequest* request,
    v1::FindMissingManifestsResponse* response) {
  return Unary(environment_, "FindMissingManifests", request, response,
               handlers_, &ManifestHandlers::FindMissingManifests);
}

grpc::ServerReadReactor<v1::UploadManifestRequest>* ManifestRpc::UploadManifest(
    grpc::CallbackServerContext*, v1::UploadManifestResponse* response) {
  return new UploadReactor<v1::UploadManifestRequest,
                           v1::UploadManifestResponse>(
      environment_, "UploadManifest", response, handlers_.UploadManifest());
}

grpc::ServerUnaryReactor* ManifestRpc::GetManifest(
    grpc::CallbackServerContext*, const v1::GetManifestRequest* request,
    v1::GetManifestResponse* response) {
  return Unary(environment_, "GetManifest", request, response, handlers_,
               &ManifestHandlers::GetManifest);
}

grpc::ServerUnaryReactor* ManifestRpc::ListManifests(
    grpc::CallbackServerContext*, const v1::ListManifestsRequest* request,
    v1::ListManifestsResponse* response) {
  return Unary(environment_, "ListManifests", request, response, handlers_,
               &ManifestHandlers::ListManifests);
}

grpc::ServerUnaryReactor* ManifestRpc::DeleteManifest(
    grpc::CallbackServerContext*, const v1::DeleteManifestRequest* request,
    v1::DeleteManifestResponse* response) {
  return Unary(environment_, "DeleteManifest", request, response, handlers_,
               &ManifestHandlers::DeleteManifest);
}

grpc::ServerUnaryReactor* ManifestRpc::ListNodes(
    grpc::CallbackServerContext*, const v1::ListNodesRequest* request,
    v1::ListNodesResponse* response) {
  return Unary(environment_, "ListNodes", request, response, handlers_,
               &ManifestHandlers::ListNodes);
}

grpc::ServerUnaryReactor* ManifestRpc::CompareManifests(
    grpc::CallbackServerContext*, const v1::CompareManifestsRequest* request,
    v1::CompareManifestsResponse* response) {
  return Unary(environment_, "CompareManifests", request, response, handlers_,
               &ManifestHandlers::CompareManifests);
}

}  // namespace doppel::rpc

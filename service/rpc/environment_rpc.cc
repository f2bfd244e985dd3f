#include "service/rpc/environment_rpc.h"

#include <functional>
#include <stop_token>
#include <utility>

#include "doppel/v1/environment_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "service/rpc/reactors.h"

namespace doppel::rpc {

grpc::ServerUnaryReactor* EnvironmentRpc::CreateEnvironment(
    grpc::CallbackServerContext*, const v1::CreateEnvironmentRequest* request,
    v1::CreateEnvironmentResponse* response) {
  return Unary(environment_, "CreateEnvironment", request, response, handlers_,
               &EnvironmentHandlers::CreateEnvironment);
}

grpc::ServerUnaryReactor* EnvironmentRpc::GetEnvironment(
    grpc::CallbackServerContext*, const v1::GetEnvironmentRequest* request,
    v1::GetEnvironmentResponse* response) {
  return Unary(environment_, "GetEnvironment", request, response, handlers_,
               &EnvironmentHandlers::GetEnvironment);
}

grpc::ServerUnaryReactor* EnvironmentRpc::ListEnvironments(
    grpc::CallbackServerContext*, const v1::ListEnvironmentsRequest* request,
    v1::ListEnvironmentsResponse* response) {
  return Unary(environment_, "ListEnvironments", request, response, handlers_,
               &EnvironmentHandlers::ListEnvironments);
}

grpc::ServerUnaryReactor* EnvironmentRpc::UpdateEnvironment(
    grpc::CallbackServerContext*, const v1::UpdateEnvironmentRequest* request,
    v1::UpdateEnvironmentResponse* response) {
  return Unary(environment_, "UpdateEnvironment", request, response, handlers_,
               &EnvironmentHandlers::UpdateEnvironment);
}

grpc::ServerUnaryReactor* EnvironmentRpc::DeleteEnvironment(
    grpc::CallbackServerContext*, const v1::DeleteEnvironmentRequest* request,
    v1::DeleteEnvironmentResponse* response) {
  return Unary(environment_, "DeleteEnvironment", request, response, handlers_,
               &EnvironmentHandlers::DeleteEnvironment);
}

grpc::ServerUnaryReactor* EnvironmentRpc::ListRelations(
    grpc::CallbackServerContext*, const v1::ListRelationsRequest* request,
    v1::ListRelationsResponse* response) {
  return Unary(environment_, "ListRelations", request, response, handlers_,
               &EnvironmentHandlers::ListRelations);
}

grpc::ServerUnaryReactor* EnvironmentRpc::DetectDrift(
    grpc::CallbackServerContext*, const v1::DetectDriftRequest* request,
    v1::DetectDriftResponse* response) {
  return Unary(environment_, "DetectDrift", request, response, handlers_,
               &EnvironmentHandlers::DetectDrift);
}

}  // namespace doppel::rpc

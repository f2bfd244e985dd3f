// How the server encrypts: TLS from two PEM files, or not at all.
#ifndef DOPPEL_SERVICE_SERVER_CREDENTIALS_H_
#define DOPPEL_SERVICE_SERVER_CREDENTIALS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/security/server_credentials.h"

namespace doppel::server {

// Plain text where both are "". NOT_FOUND, naming the file, where one cannot be
// read.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentials(
    const std::string& certificate_file, const std::string& key_file);

}  // namespace doppel::server

#endif  // DOPPEL_SERVICE_SERVER_CREDENTIALS_H_

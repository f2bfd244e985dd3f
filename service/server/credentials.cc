#include "service/server/credentials.h"

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/security/server_credentials.h"
#include "service/base/status_macros.h"
#include "service/server/files.h"

namespace doppel::server {

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentials(
    const std::string& certificate_file, const std::string& key_file) {
  if (certificate_file.empty() && key_file.empty()) {
    return grpc::InsecureServerCredentials();
  }
  DOPPEL_ASSIGN_OR_RETURN(const manifest::Text certificate,
                          MapFile(certificate_file));
  DOPPEL_ASSIGN_OR_RETURN(const manifest::Text key, MapFile(key_file));
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back(
      {std::string(key.view()), std::string(certificate.view())});
  return grpc::SslServerCredentials(options);
}

}  // namespace doppel::server

// One UploadManifest call: header, chunks, and at the end the check.
//
// Thread contract: thread-compatible; one call at a time.
#ifndef DOPPEL_SERVICE_RPC_UPLOAD_SINK_H_
#define DOPPEL_SERVICE_RPC_UPLOAD_SINK_H_

#include <cstdint>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/manifest_service.pb.h"
#include "service/rpc/manifest_handlers.h"
#include "service/rpc/services.h"

namespace doppel::rpc {

class ManifestUploadSink final : public UploadSink {
 public:
  explicit ManifestUploadSink(const Services* services)
      : services_(*services) {}

  absl::StatusOr<bool> Accept(const v1::UploadManifestRequest& message,
                              std::stop_token stop) override;
  absl::Status Finish(v1::UploadManifestResponse* out,
                      std::stop_token stop) override;

 private:
  absl::StatusOr<bool> AcceptHeader(const v1::UploadHeader& header);
  absl::StatusOr<bool> AcceptChunk(absl::string_view chunk);
  absl::Status AnswerStored(v1::UploadManifestResponse* out) const;

  const Services& services_;
  std::string digest_;  // "" before the header
  int64_t size_bytes_ = 0;
  int64_t offset_ = 0;
  bool already_present_ = false;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_UPLOAD_SINK_H_

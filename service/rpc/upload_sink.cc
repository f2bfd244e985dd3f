#include "service/rpc/upload_sink.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "doppel/v1/manifest_service.pb.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/rpc/convert_manifest.h"
#include "service/rpc/selecting.h"

namespace doppel::rpc {
namespace {

Error Invalid(absl::string_view field, absl::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
               absl::StrCat(field, ": ", message))
      .With("field", field)
      .Field(field, message);
}

}  // namespace

absl::StatusOr<bool> ManifestUploadSink::Accept(
    const v1::UploadManifestRequest& message, std::stop_token) {
  switch (message.content_case()) {
    case v1::UploadManifestRequest::kHeader:
      return AcceptHeader(message.header());
    case v1::UploadManifestRequest::kChunk:
      return AcceptChunk(message.chunk());
    default:
      return Invalid("content", "expected a header or a chunk, got neither");
  }
}

absl::StatusOr<bool> ManifestUploadSink::AcceptHeader(
    const v1::UploadHeader& header) {
  if (!digest_.empty()) {
    return Invalid("header", "only the first message is a header");
  }
  DOPPEL_ASSIGN_OR_RETURN(digest_, DigestOf(header.name(), "header.name"));
  size_bytes_ = header.size_bytes();
  offset_ = header.offset();
  if (size_bytes_ <= 0) {
    return Invalid("header.size_bytes", "must be the size of the whole file");
  }
  const int64_t limit = services_.limits.max_manifest_bytes;
  if (size_bytes_ > limit) {
    return Error(absl::StatusCode::kResourceExhausted,
                 Reason::kManifestTooLarge,
                 absl::StrCat("the manifest has ", size_bytes_,
                              " bytes, this server reads ", limit,
                              " at most (--max_manifest_bytes)"))
        .With("size_bytes", size_bytes_)
        .With("limit_bytes", limit);
  }
  already_present_ = services_.store->GetManifest(digest_).ok();
  if (already_present_) return false;
  DOPPEL_ASSIGN_OR_RETURN(const int64_t committed,
                          services_.store->UploadedBytes(digest_));
  // From the start again is always right: what is there may be of a file that
  // was cut short.
  if (offset_ == 0 && committed > 0) {
    DOPPEL_RETURN_IF_ERROR(services_.store->DiscardUpload(digest_));
  } else if (offset_ != committed) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kUploadOffsetMismatch,
                 absl::StrCat("header.offset is ", offset_,
                              ", the upload "
                              "stands at ",
                              committed, "; go on there"))
        .With("offset", offset_)
        .With("committed_bytes", committed);
  }
  return true;
}

absl::StatusOr<bool> ManifestUploadSink::AcceptChunk(absl::string_view chunk) {
  if (digest_.empty()) {
    return Invalid("content", "the first message must be the header");
  }
  const auto limit = static_cast<size_t>(services_.limits.max_chunk_bytes);
  if (chunk.size() > limit) {
    return Invalid("chunk",
                   absl::StrCat("has ", chunk.size(), " bytes, at most ", limit,
                                " are taken at once"));
  }
  const auto end = offset_ + static_cast<int64_t>(chunk.size());
  if (end > size_bytes_) {
    return Invalid("chunk", absl::StrCat("ends at byte ", end, " of a file of ",
                                         size_bytes_));
  }
  DOPPEL_RETURN_IF_ERROR(
      services_.store->AppendUpload(digest_, offset_, chunk));
  offset_ = end;
  return true;
}

absl::Status ManifestUploadSink::Finish(v1::UploadManifestResponse* out,
                                        std::stop_token) {
  if (digest_.empty()) {
    return Invalid("content", "the first message must be the header");
  }
  if (already_present_) return AnswerStored(out);
  if (offset_ < size_bytes_) {
    return Error(absl::StatusCode::kInvalidArgument,
                 Reason::kManifestDigestMismatch,
                 absl::StrCat("the upload ended at byte ", offset_, " of ",
                              size_bytes_, "; go on there"))
        .With("committed_bytes", offset_)
        .With("size_bytes", size_bytes_);
  }
  DOPPEL_ASSIGN_OR_RETURN(const ManifestPtr manifest,
                          services_.library->ReadUpload(digest_, size_bytes_));
  const absl::Time now = services_.clock();
  *out->mutable_manifest() = ToProto(*manifest, now);
  return services_.store->CommitManifest(
      {digest_, size_bytes_, out->manifest().SerializeAsString(), now});
}

absl::Status ManifestUploadSink::AnswerStored(
    v1::UploadManifestResponse* out) const {
  DOPPEL_ASSIGN_OR_RETURN(const store::ManifestRecord record,
                          services_.store->GetManifest(digest_));
  DOPPEL_RET_CHECK(out->mutable_manifest()->ParseFromString(record.summary));
  out->set_already_present(true);
  return absl::OkStatus();
}

}  // namespace doppel::rpc

// absl::Status -> grpc::Status with google.rpc's error details, so that every
// error on the wire has an ErrorInfo whose reason stands in
// error_reason.proto. The one place that knows both.
//
// What doppel did not foresee (INTERNAL, UNKNOWN, a status without a Reason)
// leaves with a fixed text and the call's id; its cause stays in the log.
//
// Thread contract: pure functions but for the log line.
#ifndef DOPPEL_SERVICE_RPC_STATUS_CODEC_H_
#define DOPPEL_SERVICE_RPC_STATUS_CODEC_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "service/store/store.h"

namespace doppel::rpc {

// The most violations of one kind that an error lists; the rest is counted.
inline constexpr int kMaxViolations = 50;
// The longest message, in bytes; the rest is cut.
inline constexpr int kMaxMessageBytes = 1024;

// `call` names the call in the log and in INTERNAL errors ("ListNodes").
grpc::Status ToGrpcStatus(const absl::Status& status, absl::string_view call);

// The same as the message that an execution carries.
google::rpc::Status ToRpcStatus(const absl::Status& status,
                                absl::string_view call);

// An error that the store kept.
google::rpc::Status ToRpcStatus(const store::ErrorRecord& error);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_STATUS_CODEC_H_

#include "service/warehouse/spark_connect/errors.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "service/base/error.h"

namespace doppel::warehouse::spark_connect {
namespace {

struct Verdict {
  absl::StatusCode code;
  Reason reason;
};

constexpr Verdict kCancelled = {absl::StatusCode::kCancelled,
                                Reason::kCancelled};
constexpr Verdict kBusy = {absl::StatusCode::kUnavailable,
                           Reason::kWarehouseBusy};
constexpr Verdict kUnreachable = {absl::StatusCode::kUnavailable,
                                  Reason::kWarehouseUnreachable};
constexpr Verdict kUnauthenticated = {absl::StatusCode::kFailedPrecondition,
                                      Reason::kWarehouseAuthenticationFailed};
constexpr Verdict kDenied = {absl::StatusCode::kFailedPrecondition,
                             Reason::kWarehousePermissionDenied};
constexpr Verdict kFailed = {absl::StatusCode::kFailedPrecondition,
                             Reason::kWarehouseStatementFailed};

// What the answer's ErrorInfo says; "" where there is none.
struct SparkError {
  std::string error_class;
  std::string sqlstate;
};

std::string ValueOf(const google::rpc::ErrorInfo& info,
                    const std::string& key) {
  const auto found = info.metadata().find(key);
  return found == info.metadata().end() ? "" : found->second;
}

SparkError ReadDetails(const grpc::Status& status) {
  google::rpc::Status whole;
  if (!whole.ParseFromString(status.error_details())) return {};
  for (const auto& detail : whole.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) {
      return {ValueOf(info, "errorClass"), ValueOf(info, "sqlState")};
    }
  }
  return {};
}

Verdict JudgeSpark(const SparkError& error) {
  if (error.error_class == "OPERATION_CANCELED") return kCancelled;
  // Delta's ConcurrentAppendException and its like.
  if (absl::StartsWith(error.error_class, "DELTA_CONCURRENT") ||
      error.sqlstate == "2D521") {
    return kBusy;
  }
  // The session or the operation is not known there any more.
  if (absl::StartsWith(error.error_class, "INVALID_HANDLE")) {
    return kUnreachable;
  }
  if (error.sqlstate == "42501" ||
      absl::StartsWith(error.error_class, "INSUFFICIENT_PERMISSIONS")) {
    return kDenied;
  }
  return kFailed;
}

Verdict Judge(const grpc::Status& status, const SparkError& error) {
  switch (status.error_code()) {
    case grpc::StatusCode::CANCELLED:
      return kCancelled;
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::ABORTED:
    case grpc::StatusCode::UNIMPLEMENTED:  // no such server there
      return kUnreachable;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return kBusy;
    case grpc::StatusCode::UNAUTHENTICATED:
      return kUnauthenticated;
    case grpc::StatusCode::PERMISSION_DENIED:
      return kDenied;
    default:
      return JudgeSpark(error);
  }
}

}  // namespace

absl::Status MapError(const grpc::Status& status) {
  const SparkError error = ReadDetails(status);
  const Verdict verdict = Judge(status, error);
  Error judged(verdict.code, verdict.reason,
               absl::StrCat("Spark: ", absl::StripAsciiWhitespace(
                                           status.error_message())));
  if (!error.error_class.empty()) judged.With("error_class", error.error_class);
  if (!error.sqlstate.empty()) judged.With("sqlstate", error.sqlstate);
  return judged;
}

}  // namespace doppel::warehouse::spark_connect

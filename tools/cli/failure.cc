#include "tools/cli/failure.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace doppel::cli {
namespace {

constexpr absl::string_view kDetailsUrl = "doppel.cli/details";
constexpr absl::string_view kUsageUrl = "doppel.cli/usage";

// What a detail says that the message does not say already.
std::string DescribeDetail(const google::protobuf::Any& any,
                           absl::string_view message) {
  std::string out;
  google::rpc::BadRequest bad_request;
  google::rpc::PreconditionFailure failure;
  google::rpc::ErrorInfo info;
  if (any.UnpackTo(&bad_request)) {
    for (const auto& field : bad_request.field_violations()) {
      if (absl::StrContains(message, field.description())) continue;
      absl::StrAppend(&out, "  ", field.field(), ": ", field.description(),
                      "\n");
    }
  } else if (any.UnpackTo(&failure)) {
    for (const auto& violation : failure.violations()) {
      absl::StrAppend(&out, "  ", violation.subject(),
                      violation.subject().empty() ? "" : ": ",
                      violation.description(), "\n");
    }
  } else if (any.UnpackTo(&info)) {
    absl::StrAppend(&out, "  reason: ", info.reason(), "\n");
  }
  return out;
}

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status out(static_cast<absl::StatusCode>(status.error_code()),
                   status.error_message());
  if (!status.error_details().empty()) {
    out.SetPayload(kDetailsUrl, absl::Cord(status.error_details()));
  }
  return out;
}

absl::Status UsageError(absl::string_view message) {
  absl::Status out = absl::InvalidArgumentError(message);
  out.SetPayload(kUsageUrl, absl::Cord());
  return out;
}

google::rpc::Status ToRpc(const absl::Status& status) {
  google::rpc::Status out;
  const absl::optional<absl::Cord> details = status.GetPayload(kDetailsUrl);
  if (details.has_value() && out.ParseFromString(std::string(*details))) {
    return out;
  }
  out.set_code(static_cast<int>(status.code()));
  out.set_message(std::string(status.message()));
  return out;
}

bool HasReason(const absl::Status& status, absl::string_view reason) {
  const google::rpc::Status rpc = ToRpc(status);
  for (const google::protobuf::Any& any : rpc.details()) {
    google::rpc::ErrorInfo info;
    if (any.UnpackTo(&info)) return info.reason() == reason;
  }
  return false;
}

std::string DescribeFailure(const absl::Status& status) {
  const google::rpc::Status rpc = ToRpc(status);
  std::string out = absl::StrCat("error: ", rpc.message(), "\n");
  for (const google::protobuf::Any& any : rpc.details()) {
    out += DescribeDetail(any, rpc.message());
  }
  return out;
}

ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return kExitOk;
  if (status.GetPayload(kUsageUrl).has_value()) return kExitUsage;
  return kExitFailed;
}

}  // namespace doppel::cli

#include "service/rpc/status_codec.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/log.h"
#include "service/base/reason.h"

namespace doppel::rpc {
namespace {

constexpr absl::string_view kDomain = "doppel";

std::string Cut(absl::string_view message) {
  if (message.size() <= kMaxMessageBytes) return std::string(message);
  size_t end = kMaxMessageBytes;
  // Not in the middle of a UTF-8 character.
  while (end > 0 && (message[end] & 0xC0) == 0x80) --end;
  return absl::StrCat(message.substr(0, end), "...");
}

void AddErrorInfo(const ErrorDetails& details, google::rpc::Status& out) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(ReasonName(details.reason)));
  info.set_domain(std::string(kDomain));
  for (const auto& [key, value] : details.metadata) {
    (*info.mutable_metadata())[key] = Cut(value);
  }
  out.add_details()->PackFrom(info);
}

void AddBadRequest(const ErrorDetails& details, google::rpc::Status& out) {
  if (details.fields.empty()) return;
  google::rpc::BadRequest bad_request;
  for (const ErrorDetails::FieldViolation& violation : details.fields) {
    if (bad_request.field_violations_size() == kMaxViolations) break;
    auto* field = bad_request.add_field_violations();
    field->set_field(violation.field);
    field->set_description(Cut(violation.description));
  }
  out.add_details()->PackFrom(bad_request);
}

void AddPreconditions(const ErrorDetails& details, google::rpc::Status& out) {
  if (details.preconditions.empty()) return;
  google::rpc::PreconditionFailure failure;
  for (const auto& precondition : details.preconditions) {
    if (failure.violations_size() == kMaxViolations) break;
    auto* violation = failure.add_violations();
    violation->set_type(precondition.type);
    violation->set_subject(precondition.subject);
    violation->set_description(Cut(precondition.description));
  }
  const size_t more = details.preconditions.size() -
                      static_cast<size_t>(failure.violations_size());
  if (more > 0) {
    auto* rest = failure.add_violations();
    rest->set_type("MORE");
    rest->set_description(absl::StrCat(more, " more"));
  }
  out.add_details()->PackFrom(failure);
}

void AddResource(const ErrorDetails& details, google::rpc::Status& out) {
  if (!details.resource.has_value()) return;
  google::rpc::ResourceInfo resource;
  resource.set_resource_type(details.resource->type);
  resource.set_resource_name(details.resource->name);
  out.add_details()->PackFrom(resource);
}

void AddRetry(const ErrorDetails& details, google::rpc::Status& out) {
  if (!details.retry_after.has_value()) return;
  google::rpc::RetryInfo retry;
  const int64_t millis = absl::ToInt64Milliseconds(*details.retry_after);
  retry.mutable_retry_delay()->set_seconds(millis / 1000);
  retry.mutable_retry_delay()->set_nanos(
      static_cast<int32_t>(millis % 1000 * 1'000'000));
  out.add_details()->PackFrom(retry);
}

// The reason of a status that no room of doppel made: gRPC's own codes.
Reason ReasonOfCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kCancelled:
      return Reason::kCancelled;
    case absl::StatusCode::kDeadlineExceeded:
      return Reason::kDeadlineExceeded;
    default:
      return Reason::kInternal;
  }
}

google::rpc::Status Unforeseen(const absl::Status& status,
                               absl::string_view call) {
  const std::string incident = NewUuid();
  LogError("internal error", {{"call", std::string(call)},
                              {"incident", incident},
                              {"cause", status.ToString()}});
  ErrorDetails details;
  details.reason = Reason::kInternal;
  details.metadata = {{"call", std::string(call)}, {"incident", incident}};
  google::rpc::Status out;
  out.set_code(static_cast<int>(absl::StatusCode::kInternal));
  out.set_message(absl::StrCat("internal error in ", call, ", incident ",
                               incident, ": the server's log tells its cause"));
  AddErrorInfo(details, out);
  return out;
}

}  // namespace

google::rpc::Status ToRpcStatus(const absl::Status& status,
                                absl::string_view call) {
  if (status.ok()) return google::rpc::Status();
  std::optional<ErrorDetails> details = GetErrorDetails(status);
  if (!details.has_value()) {
    details.emplace();
    details->reason = ReasonOfCode(status.code());
  }
  if (details->reason == Reason::kInternal) return Unforeseen(status, call);
  google::rpc::Status out;
  out.set_code(static_cast<int>(status.code()));
  out.set_message(Cut(status.message()));
  AddErrorInfo(*details, out);
  AddBadRequest(*details, out);
  AddPreconditions(*details, out);
  AddResource(*details, out);
  AddRetry(*details, out);
  return out;
}

grpc::Status ToGrpcStatus(const absl::Status& status, absl::string_view call) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status out = ToRpcStatus(status, call);
  return grpc::Status(static_cast<grpc::StatusCode>(out.code()), out.message(),
                      out.SerializeAsString());
}

google::rpc::Status ToRpcStatus(const store::ErrorRecord& error) {
  google::rpc::Status out;
  if (error.code == absl::StatusCode::kOk) return out;
  out.set_code(static_cast<int>(error.code));
  out.set_message(Cut(error.message));
  google::rpc::ErrorInfo info;
  info.set_reason(error.reason);
  info.set_domain(std::string(kDomain));
  out.add_details()->PackFrom(info);
  return out;
}

}  // namespace doppel::rpc

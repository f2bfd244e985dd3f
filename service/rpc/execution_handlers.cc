#include "service/rpc/execution_handlers.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "doppel/v1/execution_service.pb.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "service/rpc/convert_execution.h"
#include "service/rpc/event_source.h"
#include "service/rpc/page_token.h"
#include "service/rpc/request_digest.h"
#include "service/rpc/stored_plan.h"

namespace doppel::rpc {
namespace {

constexpr int kMostListed = 1000;

// A stream that has nothing to tell: the answer of validate_only.
class EmptySource final : public MessageSource<v1::ExecutePlanResponse> {
 public:
  absl::StatusOr<Pulled> Next(v1::ExecutePlanResponse*,
                              std::stop_token) override {
    return Pulled::kEnd;
  }
};

// The execution with its operations.
absl::StatusOr<v1::Execution> WholeExecution(
    const Services& services, const store::ExecutionRecord& record) {
  DOPPEL_ASSIGN_OR_RETURN(const clone::Plan plan,
                          LoadPlan(services, record.plan));
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<store::OperationRecord> operations,
                          services.store->ListOperations(record.id));
  return ToProto(record, plan, operations);
}

absl::Duration TimeoutOf(const v1::ExecutePlanRequest& in) {
  return absl::Seconds(in.timeout().seconds()) +
         absl::Nanoseconds(in.timeout().nanos());
}

absl::Status CheckExecuteRequest(const v1::ExecutePlanRequest& in,
                                 const Limits& limits) {
  const auto invalid = [](absl::string_view field, const std::string& message) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
                 absl::StrCat(field, ": ", message))
        .With("field", field)
        .Field(field, message)
        .ToStatus();
  };
  if (in.fingerprint().empty()) {
    return invalid("fingerprint",
                   "is missing; give that of the plan that was reviewed");
  }
  if (in.connections() < 0 || in.connections() > limits.max_connections) {
    return invalid("connections",
                   absl::StrCat("must be from 0 to ", limits.max_connections,
                                ", got ", in.connections()));
  }
  if (TimeoutOf(in) < absl::ZeroDuration()) {
    return invalid("timeout", "must not be negative");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<MessageSource<v1::ExecutePlanResponse>>>
ExecutionHandlers::ExecutePlan(const v1::ExecutePlanRequest& in,
                               std::function<void()> wake, std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const std::optional<std::string> answered,
                          FindAnswer(*services_.store, "ExecutePlan", in));
  if (answered.has_value()) {
    return EventSource<v1::ExecutePlanResponse>::Open(services_, *answered, 0,
                                                      std::move(wake));
  }
  DOPPEL_RETURN_IF_ERROR(CheckExecuteRequest(in, services_.limits));
  execution::ExecuteRequest request;
  DOPPEL_ASSIGN_OR_RETURN(request.plan,
                          ResourceIdOf("plans", in.plan(), "plan"));
  request.fingerprint = in.fingerprint();
  request.connections = in.connections();
  request.supersede = in.supersede();
  request.timeout = TimeoutOf(in);
  if (in.validate_only()) {
    DOPPEL_RETURN_IF_ERROR(services_.executor->Check(request));
    return std::make_unique<EmptySource>();
  }
  request.request = RememberAnswer("ExecutePlan", in, "");
  DOPPEL_ASSIGN_OR_RETURN(const std::string execution,
                          services_.executor->Execute(request));
  return EventSource<v1::ExecutePlanResponse>::Open(services_, execution, 0,
                                                    std::move(wake));
}

absl::StatusOr<std::unique_ptr<MessageSource<v1::WatchExecutionResponse>>>
ExecutionHandlers::WatchExecution(const v1::WatchExecutionRequest& in,
                                  std::function<void()> wake, std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string id,
                          ResourceIdOf("executions", in.name(), "name"));
  return EventSource<v1::WatchExecutionResponse>::Open(
      services_, id, in.after_sequence(), std::move(wake));
}

absl::Status ExecutionHandlers::GetExecution(const v1::GetExecutionRequest& in,
                                             v1::GetExecutionResponse* out,
                                             std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string id,
                          ResourceIdOf("executions", in.name(), "name"));
  DOPPEL_ASSIGN_OR_RETURN(const store::ExecutionRecord record,
                          services_.store->GetExecution(id));
  DOPPEL_ASSIGN_OR_RETURN(*out->mutable_execution(),
                          WholeExecution(services_, record));
  return absl::OkStatus();
}

absl::Status ExecutionHandlers::ListExecutions(
    const v1::ListExecutionsRequest& in, v1::ListExecutionsResponse* out,
    std::stop_token) {
  std::string plan;
  if (!in.plan().empty()) {
    DOPPEL_ASSIGN_OR_RETURN(plan, ResourceIdOf("plans", in.plan(), "plan"));
  }
  DOPPEL_ASSIGN_OR_RETURN(const int size,
                          PageSize(in.page_size(), 50, kMostListed));
  DOPPEL_ASSIGN_OR_RETURN(const std::string from,
                          ReadPageToken(in, in.page_token()));
  DOPPEL_ASSIGN_OR_RETURN(const store::Page<store::ExecutionRecord> page,
                          services_.store->ListExecutions(plan, size, from));
  for (const store::ExecutionRecord& record : page.items) {
    *out->add_executions() = ToProto(record);
  }
  out->set_next_page_token(MakePageToken(in, page.next));
  return absl::OkStatus();
}

absl::Status ExecutionHandlers::CancelExecution(
    const v1::CancelExecutionRequest& in, v1::CancelExecutionResponse* out,
    std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string id,
                          ResourceIdOf("executions", in.name(), "name"));
  DOPPEL_ASSIGN_OR_RETURN(const std::optional<std::string> answered,
                          FindAnswer(*services_.store, "CancelExecution", in));
  store::ExecutionRecord record;
  if (answered.has_value()) {
    DOPPEL_ASSIGN_OR_RETURN(record, services_.store->GetExecution(id));
  } else {
    DOPPEL_ASSIGN_OR_RETURN(
        record, services_.executor->Cancel(
                    id, in.cause(), RememberAnswer("CancelExecution", in, id)));
  }
  DOPPEL_ASSIGN_OR_RETURN(*out->mutable_execution(),
                          WholeExecution(services_, record));
  return absl::OkStatus();
}

absl::Status ExecutionHandlers::ResumeExecution(
    const v1::ResumeExecutionRequest& in, v1::ResumeExecutionResponse* out,
    std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string id,
                          ResourceIdOf("executions", in.name(), "name"));
  DOPPEL_ASSIGN_OR_RETURN(const std::optional<std::string> answered,
                          FindAnswer(*services_.store, "ResumeExecution", in));
  store::ExecutionRecord record;
  if (answered.has_value()) {
    DOPPEL_ASSIGN_OR_RETURN(record, services_.store->GetExecution(id));
  } else {
    DOPPEL_ASSIGN_OR_RETURN(record,
                            services_.executor->Resume(
                                id, RememberAnswer("ResumeExecution", in, id)));
  }
  DOPPEL_ASSIGN_OR_RETURN(*out->mutable_execution(),
                          WholeExecution(services_, record));
  return absl::OkStatus();
}

}  // namespace doppel::rpc

#include "tools/cli/event_printer.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "doppel/v1/execution_service.pb.h"
#include "grpcpp/grpcpp.h"
#include "service/base/status_macros.h"
#include "tools/cli/failure.h"
#include "tools/cli/names.h"

namespace doppel::cli {
namespace {

constexpr int kMostReattachments = 10;

// Whether the stream broke although the execution may go on.
bool IsBroken(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE;
}

// Reads a stream of events to its end.
template <typename Response>
grpc::Status ReadAll(grpc::ClientReader<Response>& stream,
                     EventPrinter& printer) {
  Response response;
  while (stream.Read(&response)) printer.Take(response.event());
  return stream.Finish();
}

}  // namespace

void EventPrinter::Take(const v1::ExecutionEvent& event) {
  execution_ = event.execution();
  last_sequence_ = event.sequence();
  if (console_.json()) console_.PrintJson(event);
  switch (event.event_case()) {
    case v1::ExecutionEvent::kStarted:
      operations_ = event.started().operations();
      if (!console_.json()) {
        console_.Print(absl::StrCat(
            execution_, ": ", Count(operations_, "operation"), " on ",
            Count(event.started().connections(), "connection")));
      }
      break;
    case v1::ExecutionEvent::kOperationFinished:
      TakeOperation(event.operation_finished());
      break;
    case v1::ExecutionEvent::kFinished:
      TakeFinished(event.finished());
      break;
    case v1::ExecutionEvent::kResumed:
      operations_ = done_ + event.resumed().operations();
      finished_ = false;
      break;
    default:
      break;
  }
}

void EventPrinter::TakeOperation(const v1::OperationState& operation) {
  ++done_;
  if (operation.status() == v1::OPERATION_STATUS_FAILED) {
    ++failed_;
    if (!console_.json()) {
      console_.Note(absl::StrCat("failed: ", operation.target(), ": ",
                                 operation.error().message()));
    }
  }
  console_.Progress(absl::StrFormat(
      "[%3d%%] %d of %d%s  %s",
      operations_ == 0 ? 100 : done_ * 100 / operations_, done_, operations_,
      failed_ > 0 ? absl::StrCat(", ", failed_, " failed") : "",
      operation.target()));
}

void EventPrinter::TakeFinished(const v1::Execution& execution) {
  console_.EndProgress();
  finished_ = true;
  last_ = execution;
  if (console_.json()) return;
  const std::string word = EnumWord(
      v1::ExecutionStatus_Name(execution.status()), "EXECUTION_STATUS_");
  const v1::ExecutionCounts& counts = execution.counts();
  const Colour colour = execution.status() == v1::EXECUTION_STATUS_SUCCEEDED
                            ? Colour::kGreen
                            : Colour::kRed;
  console_.Print(absl::StrCat(
      console_.Paint(colour, word), ": ", counts.succeeded(), " done, ",
      counts.failed(), " failed, ", counts.skipped(), " skipped",
      counts.cancelled() > 0
          ? absl::StrCat(", ", counts.cancelled(), " cancelled")
          : ""));
  if (execution.status() == v1::EXECUTION_STATUS_INTERRUPTED) {
    console_.Note(absl::StrCat("go on with: doppel resume ", execution.name()));
  }
}

absl::Status EventPrinter::Outcome() const {
  if (!finished_) {
    return absl::UnavailableError(absl::StrCat(
        "the stream ended before the execution did; watch it with: doppel "
        "watch ",
        execution_));
  }
  if (last_.status() == v1::EXECUTION_STATUS_SUCCEEDED) return absl::OkStatus();
  const std::string cause = last_.error().message();
  return absl::AbortedError(absl::StrCat(
      last_.name(), " ",
      EnumWord(v1::ExecutionStatus_Name(last_.status()), "EXECUTION_STATUS_"),
      cause.empty() ? "" : ": ", cause));
}

absl::Status Watch(Session& session, const std::string& execution,
                   EventPrinter& printer) {
  for (int attempt = 0; attempt < kMostReattachments; ++attempt) {
    v1::WatchExecutionRequest request;
    request.set_name(execution);
    request.set_after_sequence(printer.last_sequence());
    grpc::ClientContext context;
    auto stream = session.executions().WatchExecution(&context, request);
    const grpc::Status status = ReadAll(*stream, printer);
    if (!IsBroken(status)) {
      DOPPEL_RETURN_IF_ERROR(FromGrpc(status));
      return printer.Outcome();
    }
    absl::SleepFor(
        std::min(absl::Seconds(5), absl::Seconds(0.2) * (1 << attempt)));
  }
  return printer.Outcome();
}

absl::Status ExecuteAndWatch(Session& session,
                             const v1::ExecutePlanRequest& request,
                             EventPrinter& printer) {
  grpc::ClientContext context;
  auto stream = session.executions().ExecutePlan(&context, request);
  const grpc::Status status = ReadAll(*stream, printer);
  if (IsBroken(status) && !printer.execution().empty()) {
    return Watch(session, printer.execution(), printer);
  }
  DOPPEL_RETURN_IF_ERROR(FromGrpc(status));
  return request.validate_only() ? absl::OkStatus() : printer.Outcome();
}

}  // namespace doppel::cli

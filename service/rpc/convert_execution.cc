#include "service/rpc/convert_execution.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "doppel/v1/execution.pb.h"
#include "service/rpc/convert_manifest.h"
#include "service/rpc/status_codec.h"

namespace doppel::rpc {
namespace {

v1::ExecutionStatus ToStatus(store::ExecutionStatus status) {
  switch (status) {
    case store::ExecutionStatus::kQueued:
      return v1::EXECUTION_STATUS_QUEUED;
    case store::ExecutionStatus::kRunning:
      return v1::EXECUTION_STATUS_RUNNING;
    case store::ExecutionStatus::kSucceeded:
      return v1::EXECUTION_STATUS_SUCCEEDED;
    case store::ExecutionStatus::kFailed:
      return v1::EXECUTION_STATUS_FAILED;
    case store::ExecutionStatus::kCancelled:
      return v1::EXECUTION_STATUS_CANCELLED;
    case store::ExecutionStatus::kInterrupted:
      return v1::EXECUTION_STATUS_INTERRUPTED;
  }
  return v1::EXECUTION_STATUS_UNSPECIFIED;
}

v1::OperationStatus ToStatus(store::OperationStatus status) {
  switch (status) {
    case store::OperationStatus::kPending:
      return v1::OPERATION_STATUS_PENDING;
    case store::OperationStatus::kRunning:
      return v1::OPERATION_STATUS_RUNNING;
    case store::OperationStatus::kSucceeded:
      return v1::OPERATION_STATUS_SUCCEEDED;
    case store::OperationStatus::kFailed:
      return v1::OPERATION_STATUS_FAILED;
    case store::OperationStatus::kSkipped:
      return v1::OPERATION_STATUS_SKIPPED;
    case store::OperationStatus::kCancelled:
      return v1::OPERATION_STATUS_CANCELLED;
  }
  return v1::OPERATION_STATUS_UNSPECIFIED;
}

void Count(v1::OperationStatus status, v1::ExecutionCounts* counts) {
  switch (status) {
    case v1::OPERATION_STATUS_RUNNING:
      counts->set_running(counts->running() + 1);
      break;
    case v1::OPERATION_STATUS_SUCCEEDED:
      counts->set_succeeded(counts->succeeded() + 1);
      break;
    case v1::OPERATION_STATUS_FAILED:
      counts->set_failed(counts->failed() + 1);
      break;
    case v1::OPERATION_STATUS_SKIPPED:
      counts->set_skipped(counts->skipped() + 1);
      break;
    case v1::OPERATION_STATUS_CANCELLED:
      counts->set_cancelled(counts->cancelled() + 1);
      break;
    default:
      counts->set_pending(counts->pending() + 1);
      break;
  }
}

}  // namespace

v1::Execution ToProto(const store::ExecutionRecord& record) {
  v1::Execution out;
  out.set_name(absl::StrCat("executions/", record.id));
  out.set_plan(absl::StrCat("plans/", record.plan));
  out.set_status(ToStatus(record.status));
  *out.mutable_create_time() = ToProto(record.create_time);
  if (record.start_time.has_value()) {
    *out.mutable_start_time() = ToProto(*record.start_time);
  }
  if (record.end_time.has_value()) {
    *out.mutable_end_time() = ToProto(*record.end_time);
  }
  out.set_last_sequence(record.last_sequence);
  if (record.error.code != absl::StatusCode::kOk) {
    *out.mutable_error() = ToRpcStatus(record.error);
  }
  if (!record.target_environment.empty()) {
    out.set_target_environment(
        absl::StrCat("environments/", record.target_environment));
  }
  return out;
}

v1::OperationState ToProto(const store::OperationRecord& record,
                           const clone::Plan& plan) {
  v1::OperationState out;
  out.set_operation_id(record.operation_id);
  out.set_status(ToStatus(record.status));
  // Ids are places in the plan, from 1.
  const size_t index = static_cast<size_t>(record.operation_id) - 1;
  if (index < plan.operations.size()) {
    const clone::Operation& operation = plan.operations[index];
    out.set_unique_id(operation.unique_id);
    if (operation.target.has_value()) {
      out.set_target(operation.target->rendered);
    }
  }
  out.set_attempts(record.attempts);
  if (record.start_time.has_value()) {
    *out.mutable_start_time() = ToProto(*record.start_time);
  }
  if (record.end_time.has_value()) {
    *out.mutable_end_time() = ToProto(*record.end_time);
  }
  if (record.error.code != absl::StatusCode::kOk) {
    *out.mutable_error() = ToRpcStatus(record.error);
  }
  return out;
}

v1::Execution ToProto(const store::ExecutionRecord& record,
                      const clone::Plan& plan,
                      const std::vector<store::OperationRecord>& operations) {
  v1::Execution out = ToProto(record);
  for (const clone::Operation& operation : plan.operations) {
    store::OperationRecord pending;
    pending.operation_id = operation.id;
    *out.add_operations() = ToProto(pending, plan);
  }
  for (const store::OperationRecord& known : operations) {
    const int index = known.operation_id - 1;
    if (index < 0 || index >= out.operations_size()) continue;
    *out.mutable_operations(index) = ToProto(known, plan);
  }
  for (const v1::OperationState& operation : out.operations()) {
    Count(operation.status(), out.mutable_counts());
  }
  return out;
}

v1::ExecutionEvent ToProto(const store::EventRecord& event,
                           const store::ExecutionRecord& execution,
                           const clone::Plan& plan) {
  v1::ExecutionEvent out;
  out.set_execution(absl::StrCat("executions/", execution.id));
  out.set_sequence(event.sequence);
  *out.mutable_time() = ToProto(event.time);
  switch (event.kind) {
    case store::EventKind::kStarted:
      out.mutable_started()->set_plan(absl::StrCat("plans/", execution.plan));
      out.mutable_started()->set_operations(event.operations);
      out.mutable_started()->set_connections(execution.connections);
      break;
    case store::EventKind::kOperationStarted:
      if (event.operation.has_value()) {
        *out.mutable_operation_started() = ToProto(*event.operation, plan);
      }
      break;
    case store::EventKind::kOperationFinished:
      if (event.operation.has_value()) {
        *out.mutable_operation_finished() = ToProto(*event.operation, plan);
      }
      break;
    case store::EventKind::kFinished:
      *out.mutable_finished() = ToProto(event.execution.value_or(execution));
      break;
    case store::EventKind::kResumed:
      out.mutable_resumed()->set_operations(event.operations);
      break;
  }
  return out;
}

}  // namespace doppel::rpc

#include "service/execution/operation_state.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/clone/plan.h"
#include "service/execution/journal.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

using store::ErrorRecord;
using store::ExecutionRecord;
using store::ExecutionStatus;
using store::OperationRecord;
using store::OperationStatus;

int Count(const std::vector<OperationRecord>& operations,
          OperationStatus status) {
  int count = 0;
  for (const OperationRecord& operation : operations) {
    if (operation.status == status) ++count;
  }
  return count;
}

ErrorRecord CancelledError(const ExecutionRecord& execution) {
  std::string message = "cancelled";
  if (!execution.cancel_cause.empty()) {
    absl::StrAppend(&message, ": ", execution.cancel_cause);
  }
  return {absl::StatusCode::kCancelled,
          std::string(ReasonName(Reason::kCancelled)), std::move(message)};
}

// The first that failed speaks for all.
ErrorRecord FailedError(const clone::Plan& plan,
                        const std::vector<OperationRecord>& operations) {
  const int failed = Count(operations, OperationStatus::kFailed);
  for (size_t i = 0; i < operations.size(); ++i) {
    if (operations[i].status != OperationStatus::kFailed) continue;
    ErrorRecord error = operations[i].error;
    error.message = absl::StrCat(DescribeOperation(plan.operations[i]),
                                 " failed: ", error.message);
    if (failed > 1) {
      absl::StrAppend(&error.message, "; ", failed - 1, " more failed");
    }
    return error;
  }
  return {};
}

void CancelRest(const ExecutionRecord& execution, absl::Time now,
                std::vector<OperationRecord>* operations,
                Journal::Entry* entry) {
  for (OperationRecord& operation : *operations) {
    if (IsEnded(operation.status)) continue;
    operation.error = CancelledError(execution);
    if (operation.status == OperationStatus::kRunning) {
      absl::StrAppend(&operation.error.message,
                      "; whether its statements took effect is not known");
    }
    operation.status = OperationStatus::kCancelled;
    operation.end_time = now;
    AddOperation(operation, now, entry);
  }
}

// What the operations' states make of the execution.
void SetEnd(const clone::Plan& plan,
            const std::vector<OperationRecord>& operations, Ending ending,
            ExecutionRecord* execution) {
  if (ending == Ending::kInterrupted) {
    execution->status = ExecutionStatus::kInterrupted;
    execution->error = {absl::StatusCode::kUnavailable,
                        std::string(ReasonName(Reason::kServerDraining)),
                        "the server stopped while it ran; resume it"};
  } else if (Count(operations, OperationStatus::kCancelled) > 0) {
    execution->status = ExecutionStatus::kCancelled;
    execution->error = CancelledError(*execution);
  } else if (Count(operations, OperationStatus::kFailed) > 0) {
    execution->status = ExecutionStatus::kFailed;
    execution->error = FailedError(plan, operations);
  } else {
    execution->status = ExecutionStatus::kSucceeded;
    execution->error = {};
  }
}

}  // namespace

bool IsEnded(OperationStatus status) {
  return status != OperationStatus::kPending &&
         status != OperationStatus::kRunning;
}

std::string DescribeOperation(const clone::Operation& operation) {
  if (!operation.target.has_value()) {
    return absl::StrCat("operation ", operation.id);
  }
  return absl::StrCat("operation ", operation.id, " (",
                      operation.target->rendered, ")");
}

ErrorRecord ToErrorRecord(const absl::Status& status) {
  const Reason reason = GetReason(status);
  return {status.code(),
          reason == Reason::kUnspecified ? "" : std::string(ReasonName(reason)),
          std::string(status.message())};
}

std::vector<OperationRecord> AllOperations(
    const clone::Plan& plan, const std::vector<OperationRecord>& known) {
  absl::flat_hash_map<int, const OperationRecord*> by_id;
  for (const OperationRecord& record : known) {
    by_id.emplace(record.operation_id, &record);
  }
  std::vector<OperationRecord> all;
  all.reserve(plan.operations.size());
  for (const clone::Operation& operation : plan.operations) {
    const auto found = by_id.find(operation.id);
    OperationRecord record;
    record.operation_id = operation.id;
    all.push_back(found == by_id.end() ? record : *found->second);
  }
  return all;
}

void AddOperation(const OperationRecord& record, absl::Time now,
                  Journal::Entry* entry) {
  store::EventRecord event;
  event.time = now;
  event.kind = record.status == OperationStatus::kRunning
                   ? store::EventKind::kOperationStarted
                   : store::EventKind::kOperationFinished;
  event.operation = record;
  entry->events.push_back(std::move(event));
  entry->operations.push_back(record);
}

Journal::Entry Conclude(const clone::Plan& plan,
                        const ExecutionRecord& execution,
                        const std::vector<OperationRecord>& operations,
                        Ending ending, absl::Time now) {
  Journal::Entry entry;
  std::vector<OperationRecord> last = operations;
  if (ending == Ending::kCancelled) CancelRest(execution, now, &last, &entry);
  ExecutionRecord state = execution;
  state.end_time = now;
  SetEnd(plan, last, ending, &state);
  store::EventRecord event;
  event.time = now;
  event.kind = store::EventKind::kFinished;
  event.execution = state;
  entry.events.push_back(std::move(event));
  if (state.status == ExecutionStatus::kSucceeded &&
      !plan.manifest_after.empty()) {
    entry.pointed = store::PointedEnvironment{
        plan.target_environment, plan.manifest_after, NewUuid(), now};
  }
  entry.state = std::move(state);
  return entry;
}

Journal::Entry Begin(const ExecutionRecord& execution, store::EventKind kind,
                     int operations, absl::Time now) {
  Journal::Entry entry;
  ExecutionRecord state = execution;
  state.status = ExecutionStatus::kRunning;
  if (!state.start_time.has_value()) state.start_time = now;
  state.end_time.reset();
  state.error = {};
  entry.state = std::move(state);
  store::EventRecord event;
  event.time = now;
  event.kind = kind;
  event.operations = operations;
  entry.events.push_back(std::move(event));
  return entry;
}

}  // namespace doppel::execution

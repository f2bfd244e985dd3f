#include "service/execution/leftovers.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/clock.h"
#include "service/base/error.h"
#include "service/base/log.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/execution/journal.h"
#include "service/execution/lease.h"
#include "service/execution/operation_state.h"
#include "service/execution/preparation.h"
#include "service/store/store.h"

namespace doppel::execution {

using store::ExecutionRecord;
using store::ExecutionStatus;
using store::OperationRecord;

bool IsOver(ExecutionStatus status) {
  return status != ExecutionStatus::kQueued &&
         status != ExecutionStatus::kRunning;
}

Leftovers::Leftovers(store::Store* store, Leases* leases, Clock clock,
                     std::function<void(const std::string& id)> on_progress)
    : store_(store),
      leases_(leases),
      clock_(std::move(clock)),
      on_progress_(std::move(on_progress)) {}

absl::StatusOr<std::vector<std::string>> Leftovers::LeaveAll(
    const std::function<bool(absl::string_view id)>& is_here) {
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<ExecutionRecord> unfinished,
                          store_->UnfinishedExecutions());
  std::vector<std::string> resumable;
  for (const ExecutionRecord& record : unfinished) {
    if (record.status == ExecutionStatus::kInterrupted || is_here(record.id)) {
      continue;
    }
    const absl::Status left = Leave(record);
    if (GetReason(left) == Reason::kEnvironmentLeased) continue;
    DOPPEL_RETURN_IF_ERROR(left);
    LogWarning("nobody runs an execution any more", {{"execution", record.id}});
    if (!record.cancel_requested) resumable.push_back(record.id);
  }
  return resumable;
}

absl::Status Leftovers::Leave(const ExecutionRecord& record) {
  DOPPEL_ASSIGN_OR_RETURN(std::unique_ptr<Lease> lease,
                          leases_->Take({}, record.id));
  // As it is now that nobody else can change it.
  DOPPEL_ASSIGN_OR_RETURN(ExecutionRecord left,
                          store_->GetExecution(record.id));
  if (IsOver(left.status)) return absl::OkStatus();
  if (left.last_sequence == 0) {
    DOPPEL_RETURN_IF_ERROR(WriteFirstEvent(left, *lease));
    DOPPEL_ASSIGN_OR_RETURN(left, store_->GetExecution(left.id));
  }
  if (left.cancel_requested) return ConcludeCancelled(left, std::move(lease));
  Journal journal(store_, left.id, left.last_sequence, lease->token(),
                  [this, id = left.id] { on_progress_(id); });
  DOPPEL_RETURN_IF_ERROR(journal.AddAndWait(
      Conclude({}, left, {}, Ending::kInterrupted, clock_())));
  lease->Forget();
  return absl::OkStatus();
}

// Every execution has one; its server died before that.
absl::Status Leftovers::WriteFirstEvent(const ExecutionRecord& record,
                                        const Lease& lease) {
  DOPPEL_ASSIGN_OR_RETURN(const clone::Plan plan,
                          LoadPlan(store_, record.plan));
  Journal journal(store_, record.id, 0, lease.token(), [] {});
  return journal.AddAndWait(Begin(record, store::EventKind::kStarted,
                                  static_cast<int>(plan.operations.size()),
                                  clock_()));
}

absl::Status Leftovers::ConcludeCancelled(const ExecutionRecord& record,
                                          std::unique_ptr<Lease> lease) {
  DOPPEL_ASSIGN_OR_RETURN(const clone::Plan plan,
                          LoadPlan(store_, record.plan));
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<OperationRecord> known,
                          store_->ListOperations(record.id));
  Journal journal(store_, record.id, record.last_sequence, lease->token(),
                  [this, id = record.id] { on_progress_(id); });
  DOPPEL_RETURN_IF_ERROR(journal.AddAndWait(Conclude(
      plan, record, AllOperations(plan, known), Ending::kCancelled, clock_())));
  lease->Forget();
  return absl::OkStatus();
}

}  // namespace doppel::execution

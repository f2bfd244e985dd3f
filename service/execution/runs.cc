#include "service/execution/runs.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/log.h"
#include "service/base/mutex.h"
#include "service/base/status_macros.h"
#include "service/execution/journal.h"
#include "service/execution/lease.h"
#include "service/execution/run.h"
#include "service/execution/slots.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

// How long Drain waits for statements that it cancelled.
constexpr absl::Duration kCancelPatience = absl::Seconds(10);

}  // namespace

absl::Status Runs::CheckOpen() {
  MutexLock lock(mutex_);
  if (!draining_) return absl::OkStatus();
  return Error(absl::StatusCode::kUnavailable, Reason::kServerDraining,
               "the server is going away; try again elsewhere")
      .RetryAfter(absl::Seconds(1));
}

absl::Status Runs::Launch(std::unique_ptr<Run> run, Journal::Entry first,
                          std::unique_ptr<Lease> lease) {
  const std::string id = run->execution().id;
  std::shared_ptr<Run> shared = std::move(run);
  DOPPEL_RETURN_IF_ERROR(shared->Start(std::move(first), std::move(lease)));
  {
    MutexLock lock(mutex_);
    runs_[id] = shared;
    if (draining_) shared->Drain();
  }
  // A wish that came before the run could be found.
  const absl::StatusOr<store::ExecutionRecord> record =
      store_->GetExecution(id);
  if (record.ok() && record->cancel_requested) {
    shared->Cancel(record->cancel_cause);
  }
  return absl::OkStatus();
}

std::shared_ptr<Run> Runs::Find(absl::string_view id) {
  MutexLock lock(mutex_);
  const auto found = runs_.find(id);
  return found == runs_.end() ? nullptr : found->second;
}

std::shared_ptr<Slots> Runs::SlotsOf(const std::string& connection) {
  MutexLock lock(mutex_);
  std::shared_ptr<Slots>& slots = slots_[connection];
  if (slots == nullptr) {
    slots = std::make_shared<Slots>(std::max(1, max_warehouse_connections_));
  }
  return slots;
}

void Runs::Reap() {
  // Their threads are joined outside the mutex.
  std::vector<std::shared_ptr<Run>> ended;
  MutexLock lock(mutex_);
  for (auto it = runs_.begin(); it != runs_.end();) {
    const auto current = it++;
    if (!current->second->has_ended()) continue;
    ended.push_back(std::move(current->second));
    runs_.erase(current);
  }
}

std::vector<std::shared_ptr<Run>> Runs::All() {
  std::vector<std::shared_ptr<Run>> runs;
  for (const auto& [id, run] : runs_) runs.push_back(run);
  return runs;
}

void Runs::HeedWishes() {
  std::vector<std::shared_ptr<Run>> runs;
  {
    MutexLock lock(mutex_);
    runs = All();
  }
  for (const std::shared_ptr<Run>& run : runs) {
    const auto record = store_->GetExecution(run->execution().id);
    if (!record.ok() || !record->cancel_requested) continue;
    run->Cancel(record->cancel_cause);
  }
}

void Runs::Drain(absl::Duration patience) {
  std::vector<std::shared_ptr<Run>> runs;
  {
    MutexLock lock(mutex_);
    draining_ = true;
    runs = All();
  }
  for (const auto& run : runs) run->Drain();
  const absl::Time deadline = absl::Now() + patience;
  for (const auto& run : runs) {
    if (!run->WaitUntil(deadline)) run->Interrupt();
  }
  const absl::Time last = absl::Now() + kCancelPatience;
  for (const auto& run : runs) {
    if (run->WaitUntil(last)) continue;
    LogWarning("an execution did not stop in time; the next start goes on",
               {{"execution", run->execution().id}});
  }
}

}  // namespace doppel::execution

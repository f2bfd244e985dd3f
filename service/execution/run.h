// One execution at work: its threads, its connections, its journal.
//
// Thread contract: thread-safe, but for Start, which is called once.
#ifndef DOPPEL_SERVICE_EXECUTION_RUN_H_
#define DOPPEL_SERVICE_EXECUTION_RUN_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/clock.h"
#include "service/base/mutex.h"
#include "service/clone/plan.h"
#include "service/execution/guard.h"
#include "service/execution/journal.h"
#include "service/execution/lease.h"
#include "service/execution/operation_state.h"
#include "service/execution/ownership.h"
#include "service/execution/retry.h"
#include "service/execution/scheduler.h"
#include "service/execution/slots.h"
#include "service/execution/worker.h"
#include "service/store/store.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {

struct RunOptions {
  store::Store* store = nullptr;
  std::shared_ptr<warehouse::Warehouse> warehouse;
  std::shared_ptr<const void> open;  // what its KeepOpen gave
  std::shared_ptr<Slots> slots;      // of the warehouse
  RetryOptions retry;
  int most_in_batch = 1;
  Clock clock;
  // Called when events became durable, and when the run has ended.
  std::function<void()> on_progress;
};

class Run {
 public:
  // `known` are the operations that were begun before; none of them is
  // running. INTERNAL for a plan whose operations hang together wrongly.
  static absl::StatusOr<std::unique_ptr<Run>> Make(
      RunOptions options, clone::Plan plan, store::ExecutionRecord execution,
      const std::vector<store::OperationRecord>& known);

  // Waits for the end; what is left is interrupted.
  ~Run();

  // Makes `first`, the step that begins the execution, durable; then lets the
  // threads work, as long as the lease holds. Nothing was done if it fails.
  absl::Status Start(Journal::Entry first, std::unique_ptr<Lease> lease);

  // Stops: running statements are cancelled, no others are sent.
  void Cancel(absl::string_view cause);
  // Stops after the operations that are running.
  void Drain();
  // Stops them, too. They stay as running, to be looked up.
  void Interrupt();

  // Operations that are to be done.
  int left() const { return left_at_start_; }
  const store::ExecutionRecord& execution() const { return execution_; }
  bool has_ended() const { return has_ended_.load(); }
  // Waits for the end; false where it has not come by then.
  bool WaitUntil(absl::Time deadline);

 private:
  enum class Stop : uint8_t { kNone, kDrain, kCancel, kInterrupt };

  // An operation that a connection is to do.
  struct Taken {
    int index = 0;
    SentBefore before = SentBefore::kNothing;
  };

  Run(RunOptions options, clone::Plan plan, store::ExecutionRecord execution,
      Scheduler scheduler);

  void Restore(const std::vector<store::OperationRecord>& known);
  void RecordSkips(Journal::Entry* entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void Main(std::stop_token stop);
  void WorkAll();
  void Work();
  // The next operations, at most that many, all intents in the journal; empty
  // when there is nothing to do any more. Waits. More than one is a batch. They
  // are to be sent on that session.
  std::vector<Taken> Take(int most, const std::string& session,
                          int64_t* ticket);
  bool IsInBatchOf(const Taken& first) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Taken TakeNext(absl::Time now, const std::string& session,
                 Journal::Entry* intents) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status NoteSession(std::span<const clone::Operation* const> operations,
                           const std::string& session);
  void Do(std::span<const Taken> taken, Worker* worker);
  void Finish(int index, const Outcome& outcome);
  void Block(const std::vector<Blocked>& blocked, absl::Time now,
             Journal::Entry* entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Raise(Stop stop);
  void CancelAtDeadline(const std::stop_token& stop);

  void Look(std::stop_token stop);
  void WriteEndOrRetry(const std::stop_token& stop);
  absl::Status WriteEnd();
  absl::Status WriteInterruption();

  RunOptions options_;  // Main gives the warehouse back at the end
  const clone::Plan plan_;
  store::ExecutionRecord execution_;  // changed by Make and Main alone
  const Ownership ownership_;
  int left_at_start_ = 0;
  std::vector<Blocked> blocked_before_;  // changed by Make alone
  std::unique_ptr<Lease> lease_;         // Main gives it back at the end
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Guard> guard_;  // while there is a warehouse
  Journal::Entry sightings_;      // of Main alone
  std::stop_source statements_;   // reaches statements that are running
  std::atomic<bool> has_ended_ = false;

  Mutex mutex_;
  CondVar changed_;
  Scheduler scheduler_ ABSL_GUARDED_BY(mutex_);
  std::vector<store::OperationRecord> operations_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> made_ ABSL_GUARDED_BY(mutex_);  // what Look looks at
  Stop stop_ ABSL_GUARDED_BY(mutex_) = Stop::kNone;
  std::string cancel_cause_ ABSL_GUARDED_BY(mutex_);

  std::jthread timer_;  // cancels at the deadline, where there is one
  std::jthread main_;   // last: it uses all the others
};

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_RUN_H_

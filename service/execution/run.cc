#include "service/execution/run.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/failpoint.h"
#include "service/base/log.h"
#include "service/base/mutex.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/execution/batch.h"
#include "service/execution/guard.h"
#include "service/execution/journal.h"
#include "service/execution/lease.h"
#include "service/execution/operation_state.h"
#include "service/execution/retry.h"
#include "service/execution/scheduler.h"
#include "service/execution/worker.h"
#include "service/execution/world.h"
#include "service/store/store.h"

namespace doppel::execution {
namespace {

using store::OperationRecord;
using store::OperationStatus;

// How often the store is asked again to take the end of a run that it could
// not write on with.
constexpr absl::Duration kStorePause = absl::Seconds(1);

// True where those that depend on it may begin.
bool Satisfies(const clone::Operation& operation, OperationStatus status) {
  return status == OperationStatus::kSucceeded ||
         operation.kind == clone::OperationKind::kSkip;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Run>> Run::Make(
    RunOptions options, clone::Plan plan, store::ExecutionRecord execution,
    const std::vector<OperationRecord>& known) {
  DOPPEL_ASSIGN_OR_RETURN(Scheduler scheduler,
                          Scheduler::Make(plan.operations));
  auto run =
      std::unique_ptr<Run>(new Run(std::move(options), std::move(plan),
                                   std::move(execution), std::move(scheduler)));
  run->Restore(known);
  return run;
}

Run::Run(RunOptions options, clone::Plan plan, store::ExecutionRecord execution,
         Scheduler scheduler)
    : options_(std::move(options)),
      plan_(std::move(plan)),
      execution_(std::move(execution)),
      ownership_(&plan_, execution_.id),
      scheduler_(std::move(scheduler)) {}

Run::~Run() {
  Interrupt();
  if (main_.joinable()) {
    main_.request_stop();
    main_.join();
  }
}

void Run::Restore(const std::vector<OperationRecord>& known) {
  MutexLock lock(mutex_);
  operations_ = AllOperations(plan_, known);
  for (size_t i = 0; i < operations_.size(); ++i) {
    if (!IsEnded(operations_[i].status)) continue;
    const std::vector<Blocked> blocked = scheduler_.Finish(
        static_cast<int>(i),
        Satisfies(plan_.operations[i], operations_[i].status));
    blocked_before_.insert(blocked_before_.end(), blocked.begin(),
                           blocked.end());
  }
  left_at_start_ = scheduler_.left();
}

absl::Status Run::Start(Journal::Entry first, std::unique_ptr<Lease> lease) {
  execution_ = *first.state;
  lease_ = std::move(lease);
  journal_ = std::make_unique<Journal>(options_.store, execution_.id,
                                       execution_.last_sequence,
                                       lease_->token(), options_.on_progress);
  DOPPEL_FAILPOINT("execution.start.before");
  DOPPEL_RETURN_IF_ERROR(journal_->AddAndWait(std::move(first)));
  DOPPEL_FAILPOINT("execution.start.after");
  lease_->OnLoss([this] { Interrupt(); });
  if (execution_.deadline.has_value()) {
    timer_ = std::jthread(
        [this](const std::stop_token& stop) { CancelAtDeadline(stop); });
  }
  main_ = std::jthread([this](std::stop_token stop) { Main(std::move(stop)); });
  return absl::OkStatus();
}

void Run::Cancel(absl::string_view cause) {
  {
    MutexLock lock(mutex_);
    cancel_cause_ = std::string(cause);
  }
  Raise(Stop::kCancel);
}

void Run::Drain() { Raise(Stop::kDrain); }

void Run::Interrupt() { Raise(Stop::kInterrupt); }

void Run::CancelAtDeadline(const std::stop_token& stop) {
  absl::Duration left = *execution_.deadline - options_.clock();
  while (left > absl::ZeroDuration()) {
    if (!WaitFor(left, stop)) return;
    left = *execution_.deadline - options_.clock();
  }
  constexpr absl::string_view kCause = "its timeout is over";
  const absl::Status asked =
      options_.store->RequestCancel(execution_.id, kCause, std::nullopt);
  if (absl::IsFailedPrecondition(asked)) return;  // it has ended
  Cancel(kCause);
}

void Run::Raise(Stop stop) {
  {
    MutexLock lock(mutex_);
    // A cancel is an end, an interruption is none: the end wins.
    if (stop_ != Stop::kCancel && (stop == Stop::kCancel || stop_ < stop)) {
      stop_ = stop;
    }
    changed_.notify_all();
  }
  if (stop != Stop::kDrain) statements_.request_stop();
}

bool Run::WaitUntil(absl::Time deadline) {
  std::unique_lock<Mutex> lock(mutex_);
  return changed_.wait_until(lock, absl::ToChronoTime(deadline),
                             [&] { return has_ended_.load(); });
}

// --- the threads ---

void Run::Main(std::stop_token stop) {
  guard_ =
      std::make_unique<Guard>(&plan_, options_.warehouse.get(), options_.store);
  WorkAll();
  Look(stop);
  guard_.reset();
  // Before the end is told, so that whoever hears it can open the database.
  options_.open.reset();
  options_.warehouse.reset();
  timer_.request_stop();
  WriteEndOrRetry(stop);
  lease_.reset();
  {
    MutexLock lock(mutex_);
    has_ended_.store(true);
    changed_.notify_all();
  }
  options_.on_progress();
}

void Run::WorkAll() {
  {
    MutexLock lock(mutex_);
    Journal::Entry skips;
    RecordSkips(&skips);
    Block(blocked_before_, options_.clock(), &skips);
    if (!skips.events.empty()) journal_->Add(std::move(skips));
  }
  const int count = std::min(execution_.connections, left_at_start_);
  std::vector<std::jthread> others;
  for (int i = 1; i < count; ++i) others.emplace_back([this] { Work(); });
  Work();
}

void Run::RecordSkips(Journal::Entry* entry) {
  const absl::Time now = options_.clock();
  for (size_t i = 0; i < operations_.size(); ++i) {
    const clone::Operation& operation = plan_.operations[i];
    if (operation.kind != clone::OperationKind::kSkip) continue;
    OperationRecord& record = operations_[i];
    if (IsEnded(record.status)) continue;
    record.status = OperationStatus::kSkipped;
    record.end_time = now;
    record.error.message = operation.explanation;
    AddOperation(record, now, entry);
    ownership_.Record(operation, now, entry);
    scheduler_.Finish(static_cast<int>(i), true);
  }
}

void Run::Work() {
  std::optional<Slots::Slot> slot;  // outlives the worker's connection
  Worker worker(options_.warehouse.get(), &plan_, &options_.retry, guard_.get(),
                lease_.get(), std::bind_front(&Run::NoteSession, this),
                statements_.get_token());
  BatchSize size(options_.most_in_batch);
  int64_t ticket = 0;
  while (true) {
    if (!slot.has_value()) {
      slot = options_.slots->Acquire(execution_.id, statements_.get_token());
      if (!slot.has_value()) return;
    }
    const std::vector<Taken> taken =
        Take(size.now(), worker.session_name(), &ticket);
    if (taken.empty()) return;
    const absl::Time begun = options_.clock();
    if (!journal_->Wait(ticket).ok() || !lease_->holds()) {
      Interrupt();
      return;
    }
    DOPPEL_FAILPOINT("operation.intent.after");
    Do(taken, &worker);
    size.Record(options_.clock() - begun);
    if (!options_.slots->ShouldYield(execution_.id)) continue;
    worker.Disconnect();
    slot.reset();
  }
}

std::vector<Run::Taken> Run::Take(int most, const std::string& session,
                                  int64_t* ticket) {
  std::unique_lock<Mutex> lock(mutex_);
  const auto can_go_on = [&] {
    return stop_ != Stop::kNone || scheduler_.has_ready() ||
           scheduler_.left() == 0;
  };
  if (stop_ != Stop::kNone || !scheduler_.has_ready()) journal_->Flush();
  changed_.wait(lock, can_go_on);
  if (stop_ != Stop::kNone || !scheduler_.has_ready()) return {};
  // Not more than its share, for the other connections wait for work, too.
  const int share = scheduler_.ready() / execution_.connections;
  const auto count = static_cast<size_t>(std::clamp(share, 1, most));
  const absl::Time now = options_.clock();
  DOPPEL_FAILPOINT("operation.intent.before");
  Journal::Entry intents;
  std::vector<Taken> taken = {TakeNext(now, session, &intents)};
  while (taken.size() < count && IsInBatchOf(taken.front())) {
    taken.push_back(TakeNext(now, session, &intents));
  }
  *ticket = journal_->Add(std::move(intents));
  return taken;
}

// Whether the next operation can be done together with the first. What was
// begun before is done by itself, for it may take effect late.
bool Run::IsInBatchOf(const Taken& first) const {
  const std::optional<int> next = scheduler_.Peek();
  return next.has_value() && first.before == SentBefore::kNothing &&
         operations_[*next].attempts == 0 &&
         CanShareBatch(options_.warehouse->dialect(),
                       plan_.operations[first.index], plan_.operations[*next]);
}

Run::Taken Run::TakeNext(absl::Time now, const std::string& session,
                         Journal::Entry* intents) {
  const int index = *scheduler_.Next();
  OperationRecord& record = operations_[index];
  const SentBefore before =
      record.attempts > 0 ? SentBefore::kSettled : SentBefore::kNothing;
  record.status = OperationStatus::kRunning;
  ++record.attempts;
  record.start_time = now;
  record.error = {};
  record.session = session;
  AddOperation(record, now, intents);
  return {index, before};
}

// Where a session broke, and what was under way is sent again on another one.
absl::Status Run::NoteSession(
    std::span<const clone::Operation* const> operations,
    const std::string& session) {
  Journal::Entry entry;
  {
    MutexLock lock(mutex_);
    for (const clone::Operation* operation : operations) {
      OperationRecord& record =
          operations_[operation - plan_.operations.data()];
      record.session = session;
      entry.operations.push_back(record);
    }
  }
  return journal_->AddAndWait(std::move(entry));
}

void Run::Do(std::span<const Taken> taken, Worker* worker) {
  std::optional<SentBefore> left = taken.front().before;
  if (taken.size() > 1) {
    std::vector<const clone::Operation*> batch;
    for (const Taken& one : taken) {
      batch.push_back(&plan_.operations[one.index]);
    }
    left = worker->DoTogether(batch);
  }
  for (const Taken& one : taken) {
    if (!left.has_value()) {
      Finish(one.index, {absl::OkStatus(), false, 1});
      continue;
    }
    Finish(one.index, worker->Do(plan_.operations[one.index], *left));
    if (taken.size() > 1) journal_->Flush();  // the next may take long
  }
}

void Run::Finish(int index, const Outcome& outcome) {
  MutexLock lock(mutex_);
  DOPPEL_FAILPOINT("operation.outcome.before");
  // Whether a statement that was interrupted took effect is for the next
  // start to find out.
  if (outcome.was_stopped && stop_ != Stop::kCancel) return;
  const absl::Time now = options_.clock();
  const bool succeeded = outcome.status.ok();
  OperationRecord& record = operations_[index];
  record.attempts += outcome.attempts - 1;
  record.end_time = now;
  record.error = ToErrorRecord(outcome.status);
  record.status = succeeded             ? OperationStatus::kSucceeded
                  : outcome.was_stopped ? OperationStatus::kCancelled
                                        : OperationStatus::kFailed;
  Journal::Entry entry;
  AddOperation(record, now, &entry);
  if (succeeded) {
    ownership_.Record(plan_.operations[index], now, &entry);
    if (MakesRelation(plan_.operations[index])) made_.push_back(index);
  }
  // What is cancelled blocks nothing: all that is left is cancelled, too.
  if (!outcome.was_stopped) {
    Block(scheduler_.Finish(index, succeeded), now, &entry);
  }
  // Within the mutex: what follows cannot be in the journal before. Take, which
  // comes next, sees to it that it does not wait.
  journal_->AddLater(std::move(entry));
  DOPPEL_FAILPOINT("operation.outcome.after");
  changed_.notify_all();
}

void Run::Block(const std::vector<Blocked>& blocked, absl::Time now,
                Journal::Entry* entry) {
  for (const Blocked& one : blocked) {
    OperationRecord& record = operations_[one.index];
    if (IsEnded(record.status)) continue;  // by a former process
    record.status = OperationStatus::kSkipped;
    record.end_time = now;
    record.error = {absl::StatusCode::kFailedPrecondition,
                    operations_[one.cause].error.reason,
                    absl::StrCat("not begun: it depends on ",
                                 DescribeOperation(plan_.operations[one.cause]),
                                 ", which failed")};
    AddOperation(record, now, entry);
  }
}

// --- the end ---

// Looks, once for all, what stands where something was made, so that changes by
// others can be told from it. Without an answer the execution ends all the
// same: nobody then takes what is there for doppel's own.
void Run::Look(std::stop_token stop) {
  std::vector<int> made;
  {
    MutexLock lock(mutex_);
    made = made_;
  }
  std::set<SchemaName> schemas;
  for (const int index : made) {
    for (SchemaName& schema : SchemasOfMade(plan_.operations[index])) {
      schemas.insert(std::move(schema));
    }
  }
  if (schemas.empty()) return;
  const std::vector<SchemaName> asked(schemas.begin(), schemas.end());
  for (int attempt = 1;; ++attempt) {
    const absl::StatusOr<World> world =
        World::Read(options_.warehouse.get(), asked, stop);
    if (world.ok()) {
      for (const int index : made) {
        ownership_.See(plan_.operations[index], *world, &sightings_);
      }
      return;
    }
    if (!IsTransient(world.status()) ||
        attempt >= options_.retry.max_attempts || stop.stop_requested()) {
      LogWarning("cannot look at what an execution made",
                 {{"execution", execution_.id},
                  {"cause", std::string(world.status().message())}});
      return;
    }
    Pause(PauseAfter(attempt, options_.retry), options_.retry, stop);
  }
}

void Run::WriteEndOrRetry(const std::stop_token& stop) {
  DOPPEL_FAILPOINT("execution.end.before");
  absl::Status written = WriteEnd();
  while (!written.ok() && GetReason(written) != Reason::kEnvironmentLeased &&
         !stop.stop_requested()) {
    LogError("cannot write the end of an execution; trying again",
             {{"execution", execution_.id},
              {"cause", std::string(written.message())}});
    Pause(kStorePause, options_.retry, stop);
    written = WriteInterruption();
  }
  DOPPEL_FAILPOINT("execution.end.after");
  // The end gives the lease back.
  if (written.ok()) lease_->Forget();
  if (GetReason(written) == Reason::kEnvironmentLeased) {
    LogWarning("another server may go on with an execution",
               {{"execution", execution_.id}});
  }
}

absl::Status Run::WriteEnd() {
  Journal::Entry entry;
  {
    MutexLock lock(mutex_);
    Ending ending = Ending::kCompleted;
    if (stop_ == Stop::kCancel) {
      ending = Ending::kCancelled;
      execution_.cancel_requested = true;
      execution_.cancel_cause = cancel_cause_;
    } else if (scheduler_.left() > 0) {
      ending = Ending::kInterrupted;
    }
    entry = Conclude(plan_, execution_, operations_, ending, options_.clock());
  }
  entry.seen = std::move(sightings_.seen);
  return journal_->AddAndWait(std::move(entry));
}

// After the journal broke: the store knows better than the memory what was
// written.
absl::Status Run::WriteInterruption() {
  DOPPEL_ASSIGN_OR_RETURN(const store::ExecutionRecord execution,
                          options_.store->GetExecution(execution_.id));
  if (execution.status != store::ExecutionStatus::kRunning) {
    return absl::OkStatus();
  }
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<OperationRecord> operations,
                          options_.store->ListOperations(execution_.id));
  Journal journal(options_.store, execution_.id, execution.last_sequence,
                  lease_->token(), options_.on_progress);
  return journal.AddAndWait(Conclude(
      plan_, execution, AllOperations(plan_, operations),
      execution.cancel_requested ? Ending::kCancelled : Ending::kInterrupted,
      options_.clock()));
}

}  // namespace doppel::execution

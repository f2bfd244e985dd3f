#include "service/execution/executor.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
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
#include "service/base/identifier.h"
#include "service/base/log.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/execution/journal.h"
#include "service/execution/lease.h"
#include "service/execution/leftovers.h"
#include "service/execution/operation_state.h"
#include "service/execution/preparation.h"
#include "service/execution/run.h"
#include "service/execution/runs.h"
#include "service/execution/subscription.h"
#include "service/store/store.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {
namespace {

using store::ExecutionRecord;
using store::ExecutionStatus;
using store::OperationRecord;
using store::RequestRecord;

// How often a superseding execution looks whether the older one has ended.
constexpr absl::Duration kSupersedePause = absl::Milliseconds(20);

Error OnExecution(absl::StatusCode code, Reason reason, absl::string_view id,
                  absl::string_view what) {
  return Error(code, reason, absl::StrCat("execution \"", id, "\" ", what))
      .With("execution", id)
      .Resource("execution", absl::StrCat("executions/", id));
}

absl::Status ReusedError(absl::string_view request_id) {
  return Error(absl::StatusCode::kAlreadyExists, Reason::kRequestIdReused,
               absl::StrCat("request_id ", request_id,
                            " was used before with another request"))
      .With("request_id", request_id);
}

}  // namespace

class Executor::State {
 public:
  State(ExecutorOptions options, store::Store* store, FindWarehouse find)
      : options_(std::move(options)),
        store_(store),
        find_(std::move(find)),
        leases_(store, {options_.lease_lifetime, options_.lease_holder,
                        options_.clock}),
        leftovers_(store, &leases_, options_.clock,
                   [this](const std::string& id) { bell_.Ring(id); }),
        runs_(store, options_.max_warehouse_connections) {}

  // What an earlier process left.
  absl::Status Recover();

  absl::StatusOr<std::string> Execute(const ExecuteRequest& request);
  absl::Status Check(const ExecuteRequest& request);
  absl::StatusOr<ExecutionRecord> Cancel(
      absl::string_view id, absl::string_view cause,
      const std::optional<RequestRecord>& request);
  absl::StatusOr<ExecutionRecord> Resume(
      absl::string_view id, const std::optional<RequestRecord>& request);
  absl::StatusOr<EventPage> ReadEvents(absl::string_view id, int64_t after,
                                       int limit);
  void Drain(absl::Duration patience) { runs_.Drain(patience); }

  Bell& bell() { return bell_; }
  const ExecutorOptions& options() const { return options_; }

 private:
  // A plan that is ready to begin, and where.
  struct Prepared {
    clone::Plan plan;
    std::shared_ptr<warehouse::Warehouse> warehouse;
    std::shared_ptr<const void> open;  // once its world is looked at

    std::vector<std::string> Names() const {
      return LeaseNames(plan, warehouse->dialect(),
                        warehouse->default_database());
    }
  };

  absl::StatusOr<Prepared> Load(const ExecuteRequest& request);
  // Whether the plan's world is as it was; from then on it is open.
  absl::Status LookAt(Prepared* prepared);
  absl::StatusOr<std::string> ClaimAndBegin(const ExecuteRequest& request,
                                            const std::string& id,
                                            Prepared prepared);
  absl::StatusOr<std::unique_ptr<Lease>> Supersede(
      const std::vector<std::string>& names, const std::string& id);
  absl::StatusOr<std::string> Begin(const ExecuteRequest& request,
                                    const std::string& id, Prepared prepared,
                                    std::unique_ptr<Lease> lease);
  absl::StatusOr<std::optional<std::string>> Answered(
      const std::optional<RequestRecord>& request);
  // Takes over the warehouse.
  RunOptions OptionsOf(Prepared* prepared, const std::string& id);

  absl::StatusOr<std::unique_ptr<Lease>> Claim(
      const std::vector<std::string>& names, absl::string_view id);

  void Watch(std::vector<std::string> left, const std::stop_token& stop);
  absl::StatusOr<std::vector<std::string>> LeaveAll();
  absl::StatusOr<Prepared> LoadAgain(const ExecutionRecord& record);
  absl::Status GoOn(const ExecutionRecord& record, Prepared prepared,
                    const std::optional<RequestRecord>& request,
                    std::unique_ptr<Lease> lease);
  std::vector<std::string> ResumeAll(const std::vector<std::string>& ids);

  const ExecutorOptions options_;
  store::Store* const store_;
  const FindWarehouse find_;
  Bell bell_;

  Leases leases_;
  Leftovers leftovers_;
  Runs runs_;  // under leases, and ringing the bell

  std::jthread watcher_;  // last: it uses all the others
};

// --- Execute ---

absl::StatusOr<std::unique_ptr<Lease>> Executor::State::Claim(
    const std::vector<std::string>& names, absl::string_view id) {
  runs_.Reap();
  DOPPEL_RETURN_IF_ERROR(runs_.CheckOpen());
  return leases_.Take(names, id);
}

RunOptions Executor::State::OptionsOf(Prepared* prepared,
                                      const std::string& id) {
  return {.store = store_,
          .warehouse = std::move(prepared->warehouse),
          .open = std::move(prepared->open),
          .slots = runs_.SlotsOf(prepared->plan.connection),
          .retry = options_.retry,
          .most_in_batch = std::max(1, options_.max_batch),
          .clock = options_.clock,
          .on_progress = [this, id] { bell_.Ring(id); }};
}

absl::StatusOr<Executor::State::Prepared> Executor::State::Load(
    const ExecuteRequest& request) {
  if (request.connections < 0 ||
      request.connections > options_.max_connections) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
                 absl::StrCat("connections must be from 0 to ",
                              options_.max_connections, ", got ",
                              request.connections))
        .With("connections", request.connections)
        .Field("connections", "out of range");
  }
  if (request.timeout < absl::ZeroDuration()) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
                 absl::StrCat("timeout must not be negative, got ",
                              absl::FormatDuration(request.timeout)))
        .Field("timeout", "is negative");
  }
  Prepared prepared;
  DOPPEL_ASSIGN_OR_RETURN(prepared.plan, LoadPlan(store_, request.plan));
  DOPPEL_RETURN_IF_ERROR(CheckFingerprint(prepared.plan, request.fingerprint));
  DOPPEL_ASSIGN_OR_RETURN(prepared.warehouse, find_(prepared.plan.connection));
  return prepared;
}

absl::Status Executor::State::Check(const ExecuteRequest& request) {
  DOPPEL_ASSIGN_OR_RETURN(Prepared prepared, Load(request));
  DOPPEL_RETURN_IF_ERROR(CheckFree(store_, prepared.Names()));
  return LookAt(&prepared);
}

absl::Status Executor::State::LookAt(Prepared* prepared) {
  DOPPEL_ASSIGN_OR_RETURN(prepared->open, prepared->warehouse->KeepOpen());
  return CheckWorld(prepared->plan, prepared->warehouse.get(), store_);
}

absl::StatusOr<std::optional<std::string>> Executor::State::Answered(
    const std::optional<RequestRecord>& request) {
  if (!request.has_value()) return std::nullopt;
  DOPPEL_ASSIGN_OR_RETURN(const std::optional<RequestRecord> known,
                          store_->FindRequest(request->request_id));
  if (!known.has_value()) return std::nullopt;
  if (known->method != request->method || known->digest != request->digest) {
    return ReusedError(request->request_id);
  }
  return known->response;
}

absl::StatusOr<std::string> Executor::State::Execute(
    const ExecuteRequest& request) {
  DOPPEL_ASSIGN_OR_RETURN(std::optional<std::string> answer,
                          Answered(request.request));
  if (answer.has_value()) return *std::move(answer);
  DOPPEL_ASSIGN_OR_RETURN(Prepared prepared, Load(request));
  const std::string id = NewUuid();
  absl::StatusOr<std::string> begun =
      ClaimAndBegin(request, id, std::move(prepared));
  // The same request at the same time may have been quicker.
  if (GetReason(begun.status()) == Reason::kRequestIdReused ||
      GetReason(begun.status()) == Reason::kEnvironmentLeased) {
    DOPPEL_ASSIGN_OR_RETURN(answer, Answered(request.request));
    if (answer.has_value()) return *std::move(answer);
  }
  return begun;
}

absl::StatusOr<std::string> Executor::State::ClaimAndBegin(
    const ExecuteRequest& request, const std::string& id, Prepared prepared) {
  const std::vector<std::string> names = prepared.Names();
  absl::StatusOr<std::unique_ptr<Lease>> lease = Claim(names, id);
  if (request.supersede &&
      GetReason(lease.status()) == Reason::kEnvironmentLeased) {
    // Nobody is stopped for a plan that cannot begin.
    DOPPEL_RETURN_IF_ERROR(LookAt(&prepared));
    lease = Supersede(names, id);
  }
  DOPPEL_RETURN_IF_ERROR(lease.status());
  DOPPEL_RETURN_IF_ERROR(LookAt(&prepared));
  return Begin(request, id, std::move(prepared), *std::move(lease));
}

// Cancels whoever holds one of the names, and waits for the end.
absl::StatusOr<std::unique_ptr<Lease>> Executor::State::Supersede(
    const std::vector<std::string>& names, const std::string& id) {
  const std::string cause = absl::StrCat("superseded by executions/", id);
  const absl::Time deadline = absl::Now() + options_.supersede_patience;
  while (true) {
    DOPPEL_ASSIGN_OR_RETURN(const std::vector<store::LeaseRecord> held,
                            store_->FindLeases(names));
    for (const store::LeaseRecord& lease : held) {
      const absl::Status asked =
          Cancel(lease.execution, cause, std::nullopt).status();
      // It may have ended by itself, or not have begun.
      if (GetReason(asked) == Reason::kExecutionFinished ||
          GetReason(asked) == Reason::kExecutionNotFound) {
        continue;
      }
      DOPPEL_RETURN_IF_ERROR(asked);
    }
    absl::StatusOr<std::unique_ptr<Lease>> lease = Claim(names, id);
    if (GetReason(lease.status()) != Reason::kEnvironmentLeased ||
        absl::Now() >= deadline) {
      return lease;
    }
    absl::SleepFor(kSupersedePause);
  }
}

absl::StatusOr<std::string> Executor::State::Begin(
    const ExecuteRequest& request, const std::string& id, Prepared prepared,
    std::unique_ptr<Lease> lease) {
  const absl::Time now = options_.clock();
  ExecutionRecord record;
  record.id = id;
  record.plan = prepared.plan.id;
  record.target_environment = prepared.plan.target_environment;
  record.create_time = now;
  record.lease_token = lease->token();
  if (request.timeout > absl::ZeroDuration()) {
    record.deadline = now + request.timeout;
  }
  record.connections =
      request.connections > 0
          ? request.connections
          : std::min(options_.default_connections, options_.max_connections);
  const int operations = static_cast<int>(prepared.plan.operations.size());
  RunOptions options = OptionsOf(&prepared, id);
  DOPPEL_ASSIGN_OR_RETURN(
      std::unique_ptr<Run> run,
      Run::Make(std::move(options), std::move(prepared.plan), record, {}));
  std::optional<RequestRecord> answer = request.request;
  if (answer.has_value()) answer->response = id;
  DOPPEL_FAILPOINT("execution.create.before");
  DOPPEL_RETURN_IF_ERROR(store_->CreateExecution(record, answer));
  DOPPEL_FAILPOINT("execution.create.after");
  const absl::Status launched = runs_.Launch(
      std::move(run),
      execution::Begin(record, store::EventKind::kStarted, operations, now),
      std::move(lease));
  if (launched.ok()) return id;
  // It is known by its record: as interrupted, it can be resumed or cancelled.
  // If not even that can be written, the next start does it.
  leftovers_.Leave(record).IgnoreError();
  return launched;
}

// --- Cancel ---

absl::StatusOr<ExecutionRecord> Executor::State::Cancel(
    absl::string_view id, absl::string_view cause,
    const std::optional<RequestRecord>& request) {
  DOPPEL_FAILPOINT("cancel.request.before");
  DOPPEL_RETURN_IF_ERROR(store_->RequestCancel(id, cause, request));
  DOPPEL_FAILPOINT("cancel.request.after");
  if (const std::shared_ptr<Run> run = runs_.Find(id);
      run != nullptr && !run->has_ended()) {
    run->Cancel(cause);
  }
  DOPPEL_ASSIGN_OR_RETURN(const ExecutionRecord record,
                          store_->GetExecution(id));
  if (record.status == ExecutionStatus::kInterrupted) {
    absl::StatusOr<std::unique_ptr<Lease>> lease = leases_.Take({}, id);
    // Whoever has it sees the wish.
    if (GetReason(lease.status()) == Reason::kEnvironmentLeased) return record;
    DOPPEL_RETURN_IF_ERROR(lease.status());
    DOPPEL_RETURN_IF_ERROR(
        leftovers_.ConcludeCancelled(record, *std::move(lease)));
  }
  return store_->GetExecution(id);
}

// --- Resume ---

absl::Status CheckResumable(const ExecutionRecord& record) {
  if (record.status == ExecutionStatus::kInterrupted) return absl::OkStatus();
  return OnExecution(absl::StatusCode::kFailedPrecondition,
                     Reason::kExecutionNotResumable, record.id,
                     IsOver(record.status) ? "has ended" : "is running");
}

absl::StatusOr<ExecutionRecord> Executor::State::Resume(
    absl::string_view id, const std::optional<RequestRecord>& request) {
  DOPPEL_ASSIGN_OR_RETURN(ExecutionRecord record, store_->GetExecution(id));
  DOPPEL_RETURN_IF_ERROR(CheckResumable(record));
  DOPPEL_ASSIGN_OR_RETURN(Prepared prepared, LoadAgain(record));
  DOPPEL_ASSIGN_OR_RETURN(std::unique_ptr<Lease> lease,
                          Claim(prepared.Names(), id));
  // Somebody may have been quicker.
  DOPPEL_ASSIGN_OR_RETURN(record, store_->GetExecution(id));
  DOPPEL_RETURN_IF_ERROR(CheckResumable(record));
  DOPPEL_RETURN_IF_ERROR(
      record.cancel_requested
          ? leftovers_.ConcludeCancelled(record, std::move(lease))
          : GoOn(record, std::move(prepared), request, std::move(lease)));
  return store_->GetExecution(id);
}

absl::StatusOr<Executor::State::Prepared> Executor::State::LoadAgain(
    const ExecutionRecord& record) {
  Prepared prepared;
  DOPPEL_ASSIGN_OR_RETURN(prepared.plan, LoadPlan(store_, record.plan));
  DOPPEL_ASSIGN_OR_RETURN(prepared.warehouse, find_(prepared.plan.connection));
  return prepared;
}

absl::Status Executor::State::GoOn(const ExecutionRecord& record,
                                   Prepared prepared,
                                   const std::optional<RequestRecord>& request,
                                   std::unique_ptr<Lease> lease) {
  clone::Plan& plan = prepared.plan;
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<OperationRecord> known,
                          store_->ListOperations(record.id));
  const absl::Time now = options_.clock();
  DOPPEL_ASSIGN_OR_RETURN(prepared.open, prepared.warehouse->KeepOpen());
  DOPPEL_ASSIGN_OR_RETURN(
      Resumption resumption,
      PrepareResumption(plan, record, known, prepared.warehouse.get(), store_,
                        now));
  RunOptions options = OptionsOf(&prepared, record.id);
  DOPPEL_ASSIGN_OR_RETURN(std::unique_ptr<Run> run,
                          Run::Make(std::move(options), std::move(plan), record,
                                    resumption.operations));
  Journal::Entry first =
      execution::Begin(record, store::EventKind::kResumed, run->left(), now);
  Journal::Entry& found = resumption.found;
  std::move(found.events.begin(), found.events.end(),
            std::back_inserter(first.events));
  first.operations = std::move(found.operations);
  first.owned = std::move(found.owned);
  first.disowned = std::move(found.disowned);
  first.seen = std::move(found.seen);
  first.request = request;
  DOPPEL_FAILPOINT("resume.start.before");
  DOPPEL_RETURN_IF_ERROR(
      runs_.Launch(std::move(run), std::move(first), std::move(lease)));
  DOPPEL_FAILPOINT("resume.start.after");
  return absl::OkStatus();
}

// --- what others left ---

absl::Status Executor::State::Recover() {
  DOPPEL_RETURN_IF_ERROR(LeaveAll().status());
  std::vector<std::string> left;
  if (options_.auto_resume) {
    // Also those that a server left in order, as it was told to go away.
    DOPPEL_ASSIGN_OR_RETURN(const std::vector<ExecutionRecord> unfinished,
                            store_->UnfinishedExecutions());
    for (const ExecutionRecord& record : unfinished) {
      if (record.status == ExecutionStatus::kInterrupted) {
        left.push_back(record.id);
      }
    }
  }
  watcher_ =
      std::jthread([this, left = std::move(left)](const std::stop_token& stop) {
        Watch(left, stop);
      });
  return absl::OkStatus();
}

// Looks after what other servers leave, or want.
void Executor::State::Watch(std::vector<std::string> left,
                            const std::stop_token& stop) {
  do {
    left = options_.auto_resume ? ResumeAll(left) : std::vector<std::string>();
    runs_.HeedWishes();
    const absl::StatusOr<std::vector<std::string>> found = LeaveAll();
    if (found.ok()) {
      left.insert(left.end(), found->begin(), found->end());
    } else {
      LogWarning("cannot look for executions that another server left",
                 {{"cause", std::string(found.status().message())}});
    }
  } while (WaitFor(options_.lease_lifetime / 3, stop));
}

absl::StatusOr<std::vector<std::string>> Executor::State::LeaveAll() {
  return leftovers_.LeaveAll(
      [this](absl::string_view id) { return runs_.Find(id) != nullptr; });
}

// Gives those that must wait for another execution to end.
std::vector<std::string> Executor::State::ResumeAll(
    const std::vector<std::string>& ids) {
  std::vector<std::string> waiting;
  for (const std::string& id : ids) {
    const absl::Status resumed = Resume(id, std::nullopt).status();
    if (resumed.ok()) continue;
    if (GetReason(resumed) == Reason::kEnvironmentLeased) {
      waiting.push_back(id);
      continue;
    }
    LogError("cannot resume an execution; it waits for ResumeExecution",
             {{"execution", id}, {"cause", std::string(resumed.message())}});
  }
  return waiting;
}

// --- events ---

absl::StatusOr<EventPage> Executor::State::ReadEvents(absl::string_view id,
                                                      int64_t after,
                                                      int limit) {
  // Before the events: an end that comes between is seen at the next reading.
  DOPPEL_ASSIGN_OR_RETURN(const ExecutionRecord record,
                          store_->GetExecution(id));
  if (after < 0 || after > record.last_sequence) {
    return OnExecution(absl::StatusCode::kOutOfRange,
                       Reason::kSequenceOutOfRange, id,
                       absl::StrCat("has events up to ", record.last_sequence,
                                    ", not after ", after))
        .With("last_sequence", record.last_sequence)
        .With("after_sequence", after);
  }
  EventPage page;
  DOPPEL_ASSIGN_OR_RETURN(page.events, store_->ReadEvents(id, after, limit));
  const int64_t last =
      page.events.empty() ? after : page.events.back().sequence;
  page.is_end = IsOver(record.status) && last == record.last_sequence;
  return page;
}

// --- the executor ---

absl::StatusOr<std::unique_ptr<Executor>> Executor::Create(
    ExecutorOptions options, store::Store* store, FindWarehouse find) {
  auto state =
      std::make_unique<State>(std::move(options), store, std::move(find));
  DOPPEL_RETURN_IF_ERROR(state->Recover());
  return std::unique_ptr<Executor>(new Executor(std::move(state)));
}

Executor::Executor(std::unique_ptr<State> state) : state_(std::move(state)) {}

Executor::~Executor() { Drain(absl::ZeroDuration()); }

absl::StatusOr<std::string> Executor::Execute(const ExecuteRequest& request) {
  return state_->Execute(request);
}

absl::Status Executor::Check(const ExecuteRequest& request) {
  return state_->Check(request);
}

absl::StatusOr<ExecutionRecord> Executor::Cancel(
    absl::string_view execution, absl::string_view cause,
    const std::optional<RequestRecord>& request) {
  return state_->Cancel(execution, cause, request);
}

absl::StatusOr<ExecutionRecord> Executor::Resume(
    absl::string_view execution, const std::optional<RequestRecord>& request) {
  return state_->Resume(execution, request);
}

absl::StatusOr<EventPage> Executor::ReadEvents(absl::string_view execution,
                                               int64_t after, int limit) {
  return state_->ReadEvents(execution, after, limit);
}

Subscription Executor::Subscribe(absl::string_view execution,
                                 std::function<void()> on_new) {
  return state_->bell().Subscribe(execution, std::move(on_new));
}

void Executor::Drain(absl::Duration patience) { state_->Drain(patience); }

const ExecutorOptions& Executor::options() const { return state_->options(); }

}  // namespace doppel::execution

// Runs plans: each execution is durable, watchable, cancellable, resumable.
// Several executors can have one store: a lease keeps them apart, and what one
// that is gone left is taken up by another.
//
// What holds, whatever breaks and whenever: an operation's intent is durable
// before its statement is sent, its outcome before anybody hears of it; events
// have no gap and replay the same; an execution that has ended never changes;
// an operation that failed fails what depends on it and nothing else.
//
// Thread contract: thread-safe. Store and Warehouses outlive the executor. Its
// destructor drains without patience.
#ifndef DOPPEL_SERVICE_EXECUTION_EXECUTOR_H_
#define DOPPEL_SERVICE_EXECUTION_EXECUTOR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/clock.h"
#include "service/execution/retry.h"
#include "service/execution/subscription.h"
#include "service/store/store.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {

// Gives the warehouse behind a connection, "<profile>/<target>".
using FindWarehouse =
    std::function<absl::StatusOr<std::shared_ptr<warehouse::Warehouse>>(
        absl::string_view connection)>;

struct ExecutorOptions {
  // Connections of one execution: at most, and where none are asked for.
  int max_connections = 16;
  int default_connections = 4;
  // Connections on which statements are sent to one warehouse, by all
  // executions together; at least 1.
  int max_warehouse_connections = 16;
  // Operations that are done in one transaction, where they are small and the
  // warehouse has transactions for them; 1: none are.
  int max_batch = 64;
  RetryOptions retry;
  // Whether executions that an earlier process left go on by themselves; else
  // they wait for Resume.
  bool auto_resume = false;
  // How long an environment stays taken after its server was last heard of.
  absl::Duration lease_lifetime = absl::Seconds(30);
  // How long an execution waits for the end of one that it supersedes.
  absl::Duration supersede_patience = absl::Seconds(60);
  std::string lease_holder;  // for people; "": this process on this machine
  Clock clock = RealClock();
};

// What ExecutePlan asks for.
struct ExecuteRequest {
  std::string plan;         // id
  std::string fingerprint;  // of the plan that was reviewed
  int connections = 0;      // 0: the default
  // Cancels whoever writes to the same environment, and waits for its end.
  bool supersede = false;
  // It is cancelled when it has not ended by then; 0: never.
  absl::Duration timeout;
  // `response` is ignored: the id of the execution is remembered as the answer.
  std::optional<store::RequestRecord> request;
};

// A piece of an execution's history.
struct EventPage {
  std::vector<store::EventRecord> events;
  // Nothing follows, for the execution has ended or was interrupted. More may
  // follow an interruption once somebody resumes it.
  bool is_end = false;
};

class Executor {
 public:
  // Marks executions that nobody runs any more as interrupted (or as cancelled,
  // where that was wished), now and whenever leases are renewed. Errors: the
  // store's.
  static absl::StatusOr<std::unique_ptr<Executor>> Create(
      ExecutorOptions options, store::Store* store, FindWarehouse find);
  ~Executor();

  // Begins an execution and gives its id; its record and first event are
  // durable then. A request that was answered before is answered as it was.
  //
  // Errors: NOT_FOUND PLAN_NOT_FOUND, CONNECTION_NOT_FOUND;
  // FAILED_PRECONDITION FINGERPRINT_MISMATCH, WORLD_CHANGED (a
  // PreconditionFailure for each fact), ENVIRONMENT_PROTECTED; ABORTED
  // ENVIRONMENT_LEASED; ALREADY_EXISTS REQUEST_ID_REUSED; UNAVAILABLE
  // SERVER_DRAINING; INVALID_ARGUMENT for `connections`; the warehouse's.
  absl::StatusOr<std::string> Execute(const ExecuteRequest& request);

  // Checks all that Execute checks and does nothing.
  absl::Status Check(const ExecuteRequest& request);

  // Remembers the wish, then stops the execution: running statements are
  // cancelled, others not sent. Gives the record as it then is; the execution
  // may end later. Asking again is fine. `cause` is for people.
  //
  // Errors: NOT_FOUND EXECUTION_NOT_FOUND; FAILED_PRECONDITION
  // EXECUTION_FINISHED.
  absl::StatusOr<store::ExecutionRecord> Cancel(
      absl::string_view execution, absl::string_view cause,
      const std::optional<store::RequestRecord>& request);

  // Goes on with an interrupted execution: looks up in the warehouse whether
  // what was under way took effect, checks the preconditions of what is left,
  // and does that.
  //
  // Errors: as Execute; NOT_FOUND EXECUTION_NOT_FOUND; FAILED_PRECONDITION
  // EXECUTION_NOT_RESUMABLE.
  absl::StatusOr<store::ExecutionRecord> Resume(
      absl::string_view execution,
      const std::optional<store::RequestRecord>& request);

  // Events above `after`, at most `limit`. Together with Subscribe nothing is
  // missed: subscribe, then read until a page is empty, then wait to be called.
  //
  // Errors: NOT_FOUND EXECUTION_NOT_FOUND; OUT_OF_RANGE SEQUENCE_OUT_OF_RANGE.
  absl::StatusOr<EventPage> ReadEvents(absl::string_view execution,
                                       int64_t after, int limit);

  // `on_new` is called, from any thread, whenever events were added, until the
  // subscription is destroyed. It must be quick and must not call the executor.
  Subscription Subscribe(absl::string_view execution,
                         std::function<void()> on_new);

  // Begins no more; lets operations that are running end, for at most
  // `patience`, then cancels them; marks what is left as interrupted. Returns
  // when all that is durable.
  void Drain(absl::Duration patience);

  const ExecutorOptions& options() const;

 private:
  class State;

  explicit Executor(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_EXECUTOR_H_

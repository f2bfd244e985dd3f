// The executions that this server runs now, and how they end when it goes away.
//
// Thread contract: thread-safe. What runs is waited for by the destructor.
#ifndef DOPPEL_SERVICE_EXECUTION_RUNS_H_
#define DOPPEL_SERVICE_EXECUTION_RUNS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/mutex.h"
#include "service/execution/journal.h"
#include "service/execution/lease.h"
#include "service/execution/run.h"
#include "service/execution/slots.h"
#include "service/store/store.h"

namespace doppel::execution {

class Runs {
 public:
  // `max_warehouse_connections` as in ExecutorOptions. The store outlives it.
  Runs(store::Store* store, int max_warehouse_connections)
      : store_(store), max_warehouse_connections_(max_warehouse_connections) {}

  // UNAVAILABLE SERVER_DRAINING once Drain was called.
  absl::Status CheckOpen();

  // Starts it. A wish to cancel it, or to drain, that came before is heeded.
  // Errors: the store's; nothing was done then.
  absl::Status Launch(std::unique_ptr<Run> run, Journal::Entry first,
                      std::unique_ptr<Lease> lease);

  // Null where it does not run here.
  std::shared_ptr<Run> Find(absl::string_view id);

  // What is shared by all that run on the connection's warehouse.
  std::shared_ptr<Slots> SlotsOf(const std::string& connection);

  // Lets go of runs that have ended.
  void Reap();

  // Cancels what is wished to be cancelled, by another server too.
  void HeedWishes();

  // As Executor::Drain.
  void Drain(absl::Duration patience);

 private:
  std::vector<std::shared_ptr<Run>> All() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  store::Store* const store_;
  const int max_warehouse_connections_;

  Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  // By connection.
  absl::flat_hash_map<std::string, std::shared_ptr<Slots>> slots_
      ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::shared_ptr<Run>> runs_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_RUNS_H_

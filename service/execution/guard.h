// Looks, as a statement is about to run, whether what it rests on is still as
// the plan expects it: somebody may have changed it since the execution began.
//
// A look reads the whole catalog of the plan's schemas, as one statement can,
// and serves whoever asks until it is nine times as old as it took: however
// many relations there are, a tenth of the time goes into looking.
//
// Thread contract: thread-safe.
#ifndef DOPPEL_SERVICE_EXECUTION_GUARD_H_
#define DOPPEL_SERVICE_EXECUTION_GUARD_H_

#include <cstddef>
#include <optional>
#include <stop_token>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/base/mutex.h"
#include "service/clone/plan.h"
#include "service/clone/preconditions.h"
#include "service/store/store.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {

class Guard {
 public:
  // All outlive the guard.
  Guard(const clone::Plan* plan, warehouse::Warehouse* warehouse,
        store::Store* store);

  // FAILED_PRECONDITION WORLD_CHANGED, naming each change, where a precondition
  // on what the operation reads or changes, or on an environment, does not
  // hold. What operations before it change is theirs, and not looked at.
  // Errors: the warehouse's and the store's.
  absl::Status Check(const clone::Operation& operation, std::stop_token stop);

 private:
  // By the index of the precondition.
  using Violations = absl::flat_hash_map<size_t, clone::Violation>;

  absl::StatusOr<Violations> Look(std::stop_token stop);
  void Assign();

  const clone::Plan& plan_;
  warehouse::Warehouse& warehouse_;
  store::Store& store_;
  // An operation's id -> the indexes of what it rests on.
  absl::flat_hash_map<int, std::vector<size_t>> needs_;

  Mutex mutex_;  // held while somebody looks: the others wait for it
  std::optional<Violations> last_ ABSL_GUARDED_BY(mutex_);
  absl::Time good_until_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_GUARD_H_

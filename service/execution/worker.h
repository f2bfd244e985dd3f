// One connection at work: does one operation after the other, with as many
// attempts as its errors are worth.
//
// Thread contract: one thread; the stop token from anywhere.
#ifndef DOPPEL_SERVICE_EXECUTION_WORKER_H_
#define DOPPEL_SERVICE_EXECUTION_WORKER_H_

#include <memory>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/clone/plan.h"
#include "service/execution/recover.h"
#include "service/execution/retry.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {

// What became of an operation.
struct Outcome {
  absl::Status status;
  // It did not take effect, since it was stopped. (It may have all the same
  // where the warehouse does not roll back.)
  bool was_stopped = false;
  int attempts = 0;
};

class Worker {
 public:
  // All outlive the worker.
  Worker(warehouse::Warehouse* warehouse, const clone::Plan* plan,
         const RetryOptions* retry, std::stop_token stop);

  // Does it. Where a connection breaks in the middle, the warehouse is asked
  // whether the effect is there before anything is sent again.
  Outcome Do(const clone::Operation& operation);

 private:
  absl::Status Attempt(const clone::Operation& operation);
  absl::Status Send(const clone::Operation& operation);

  warehouse::Warehouse& warehouse_;
  const clone::Plan& plan_;
  const RetryOptions& retry_;
  const std::stop_token stop_;
  std::unique_ptr<warehouse::Session> session_;  // null: to be connected
  // The last answer was lost: nobody knows whether it took effect.
  bool in_doubt_ = false;
};

// Whether the operation's effect is in the warehouse. Errors: the warehouse's.
absl::StatusOr<Effect> LookUpEffect(warehouse::Warehouse* warehouse,
                                    const clone::Plan& plan,
                                    const clone::Operation& operation,
                                    std::stop_token stop);

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_WORKER_H_

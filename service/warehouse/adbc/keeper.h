// Keeps a database open for a while after its last session, where opening it
// again takes long.
//
// Thread contract: thread-safe. A lease ends on the keeper's own thread.
#ifndef DOPPEL_SERVICE_WAREHOUSE_ADBC_KEEPER_H_
#define DOPPEL_SERVICE_WAREHOUSE_ADBC_KEEPER_H_

#include <chrono>
#include <optional>
#include <stop_token>
#include <thread>

#include "absl/time/time.h"
#include "service/base/mutex.h"
#include "service/warehouse/adbc/instances.h"

namespace doppel::warehouse::adbc {

class Keeper {
 public:
  // Zero: keeps nothing.
  explicit Keeper(absl::Duration time);
  ~Keeper();
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  // Ends the lease when the time is over in which no other one has come.
  void Keep(Instances::Lease lease);

 private:
  using Clock = std::chrono::steady_clock;

  void EndInTime(const std::stop_token& stop);

  const std::chrono::milliseconds time_;
  Mutex mutex_;
  CondVar changed_;
  std::optional<Instances::Lease> kept_ ABSL_GUARDED_BY(mutex_);
  Clock::time_point until_ ABSL_GUARDED_BY(mutex_);
  std::jthread thread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_KEEPER_H_

// The right to write to an environment, as long as it is renewed.
//
//   Leases leases(store, {});
//   DOPPEL_ASSIGN_OR_RETURN(auto lease, leases.Take(names, execution));
//   ... every Advance with lease->token(), every statement only while
//   lease->holds() ...
//
// What is written to the store under a lease that was lost is refused there, by
// its token. A warehouse knows no tokens: so that a server which was held up
// does no harm, a lease that was not renewed for two thirds of its lifetime
// does not hold here any more, while others can take it only after all of it.
//
// Thread contract: thread-safe.
#ifndef DOPPEL_SERVICE_EXECUTION_LEASE_H_
#define DOPPEL_SERVICE_EXECUTION_LEASE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/clock.h"
#include "service/base/mutex.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"
#include "service/store/store.h"

namespace doppel::execution {

class Leases;

// One that was taken. It is given back when it is destroyed.
class Lease {
 public:
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  int64_t token() const { return token_; }
  // Whether statements may be sent.
  bool holds() const;
  // `on_loss` is called, once, from the thread that renews, when it does not
  // hold any more; not after the lease is destroyed. Set before anybody waits.
  void OnLoss(std::function<void()> on_loss);
  // The store has taken it back with the execution's end.
  void Forget() { is_forgotten_.store(true); }

 private:
  friend class Leases;

  Lease(Leases* leases, int64_t token, absl::Time until);

  Leases& leases_;
  const int64_t token_;
  std::atomic<int64_t> until_;  // nanoseconds since 1970
  std::atomic<bool> is_forgotten_ = false;
  std::function<void()> on_loss_;  // guarded by the mutex of Leases
};

struct LeaseOptions {
  absl::Duration lifetime = absl::Seconds(30);
  std::string holder;  // for people; "": this process on this machine
  Clock clock = RealClock();
};

class Leases {
 public:
  // Renews them three times in a lifetime, from a thread of its own. The store
  // outlives it, and it outlives all leases.
  Leases(store::Store* store, LeaseOptions options);

  // Errors: the store's; ABORTED ENVIRONMENT_LEASED.
  absl::StatusOr<std::unique_ptr<Lease>> Take(
      const std::vector<std::string>& names, absl::string_view execution);

 private:
  friend class Lease;

  void KeepRenewing(std::stop_token stop);
  void Renew();
  std::vector<int64_t> Tokens();
  void Extend(int64_t token, absl::Time until);
  void TellLosses();
  void Remove(Lease* lease);
  absl::Time EndOf(absl::Time renewed) const;

  store::Store* const store_;
  const LeaseOptions options_;
  Mutex mutex_;
  absl::flat_hash_set<Lease*> taken_ ABSL_GUARDED_BY(mutex_);
  std::jthread thread_;  // last: it uses all the others
};

// What an execution of the plan needs a lease on: its target environment, and
// each schema that it writes to, by connection.
std::vector<std::string> LeaseNames(const clone::Plan& plan,
                                    const dialect::Dialect& dialect,
                                    absl::string_view default_database);

// ABORTED ENVIRONMENT_LEASED where one of the names is held now.
absl::Status CheckFree(store::Store* store,
                       const std::vector<std::string>& names);

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_LEASE_H_

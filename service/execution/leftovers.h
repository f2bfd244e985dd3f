// Executions that their record says are running and that nobody runs: what a
// server left that died, or that was told to go away.
//
// Thread contract: thread-safe.
#ifndef DOPPEL_SERVICE_EXECUTION_LEFTOVERS_H_
#define DOPPEL_SERVICE_EXECUTION_LEFTOVERS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/clock.h"
#include "service/execution/lease.h"
#include "service/store/store.h"

namespace doppel::execution {

// Whether it can change no more, but by being resumed.
bool IsOver(store::ExecutionStatus status);

class Leftovers {
 public:
  // `on_progress` is called with the id of an execution whose events became
  // more. Store and leases outlive it.
  Leftovers(store::Store* store, Leases* leases, Clock clock,
            std::function<void(const std::string& id)> on_progress);

  // Marks those of all servers as interrupted, or as cancelled where that was
  // wished. `is_here` says whether this server runs one. Gives what can be
  // resumed of them. Errors: the store's.
  absl::StatusOr<std::vector<std::string>> LeaveAll(
      const std::function<bool(absl::string_view id)>& is_here);

  // The same for one. Errors: the store's; ABORTED ENVIRONMENT_LEASED where
  // somebody does run it.
  absl::Status Leave(const store::ExecutionRecord& record);

  // Ends one as cancelled, and gives its lease back. Errors: the store's.
  absl::Status ConcludeCancelled(const store::ExecutionRecord& record,
                                 std::unique_ptr<Lease> lease);

 private:
  absl::Status WriteFirstEvent(const store::ExecutionRecord& record,
                               const Lease& lease);

  store::Store* const store_;
  Leases* const leases_;
  const Clock clock_;
  const std::function<void(const std::string& id)> on_progress_;
};

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_LEFTOVERS_H_

// Which operation of a plan may begin next: those whose predecessors have
// succeeded, in the order of their ids. Counts, and knows nothing of threads,
// time or warehouses.
//
//   Scheduler scheduler = *Scheduler::Make(plan.operations);
//   while (auto index = scheduler.Next()) { ...; scheduler.Finish(*index,
//   true); }
//
// Thread contract: thread-compatible.
#ifndef DOPPEL_SERVICE_EXECUTION_SCHEDULER_H_
#define DOPPEL_SERVICE_EXECUTION_SCHEDULER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "service/clone/plan.h"

namespace doppel::execution {

// An operation that can never begin, and the one that failed before it.
// Both are indexes into the plan's operations.
struct Blocked {
  int index = 0;
  int cause = 0;

  friend bool operator==(const Blocked&, const Blocked&) = default;
};

class Scheduler {
 public:
  // INTERNAL for operations that depend on unknown ones, or in a circle.
  static absl::StatusOr<Scheduler> Make(
      std::span<const clone::Operation> operations);

  // The index of an operation that may begin, which has then begun.
  std::optional<int> Next();

  // What Next would give.
  std::optional<int> Peek() const {
    return ready_.empty() ? std::nullopt : std::optional<int>(ready_.top());
  }

  // What Next gave, or what a former process did, has ended. Gives all that is
  // blocked by it from now on.
  std::vector<Blocked> Finish(int index, bool succeeded);

  // Operations that have neither ended nor are blocked.
  int left() const { return left_; }
  bool has_ready() const { return !ready_.empty(); }
  // At most that many may begin.
  int ready() const { return static_cast<int>(ready_.size()); }

 private:
  enum class State : uint8_t { kWaiting, kReady, kBegun, kEnded };

  Scheduler() = default;

  absl::Status Link(std::span<const clone::Operation> operations);
  absl::Status CheckNoCircle() const;
  void End(int index);
  void Release(int index);
  void DropStaleReady();
  std::vector<Blocked> Block(int cause);

  std::vector<State> states_;
  std::vector<int> missing_;  // predecessors that have not ended
  std::vector<std::vector<int>> followers_;
  std::priority_queue<int, std::vector<int>, std::greater<int>> ready_;
  int left_ = 0;
};

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_SCHEDULER_H_

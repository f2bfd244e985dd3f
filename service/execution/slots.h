// The connections that a warehouse gives to all executions on it together,
// shared out fairly: whoever has the fewest gets the next one.
//
//   std::optional<Slots::Slot> slot = slots.Acquire(execution, stop);
//   ... connect, do one operation ...
//   if (slots.ShouldYield(execution)) slot.reset();  // and the connection goes
//
// Thread contract: thread-safe.
#ifndef DOPPEL_SERVICE_EXECUTION_SLOTS_H_
#define DOPPEL_SERVICE_EXECUTION_SLOTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "service/base/mutex.h"

namespace doppel::execution {

class Slots {
 public:
  // One of them, given back when it is destroyed.
  class Slot {
   public:
    Slot(Slots* slots, std::string execution)
        : slots_(slots), execution_(std::move(execution)) {}
    ~Slot() {
      if (slots_ != nullptr) slots_->Release(execution_);
    }
    Slot(Slot&& other) noexcept
        : slots_(std::exchange(other.slots_, nullptr)),
          execution_(std::move(other.execution_)) {}
    Slot& operator=(Slot&& other) noexcept {
      std::swap(slots_, other.slots_);
      std::swap(execution_, other.execution_);
      return *this;
    }

   private:
    Slots* slots_;
    std::string execution_;
  };

  // `limit` is at least 1.
  explicit Slots(int limit) : free_(limit) {}

  // Waits for one; none where it was stopped meanwhile.
  std::optional<Slot> Acquire(const std::string& execution,
                              std::stop_token stop);

  // Whether another execution waits that has fewer.
  bool ShouldYield(const std::string& execution);

 private:
  struct Share {
    int held = 0;
    int waiting = 0;
    int64_t since = 0;  // when it began to wait, or was served last
  };

  void Release(const std::string& execution);
  bool IsNext(const std::string& execution)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(const std::string& execution)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  CondVar changed_;
  int free_ ABSL_GUARDED_BY(mutex_);
  int64_t now_ ABSL_GUARDED_BY(mutex_) = 0;  // counts what happens
  std::map<std::string, Share> shares_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_SLOTS_H_

// Who wants to be told that an execution has new events.
//
// Thread contract: Bell is thread-safe; a Subscription is used by one thread at
// a time.
#ifndef DOPPEL_SERVICE_EXECUTION_SUBSCRIPTION_H_
#define DOPPEL_SERVICE_EXECUTION_SUBSCRIPTION_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "service/base/mutex.h"

namespace doppel::execution {

// Ends when it is destroyed. Its callback is not running any more then, but
// where it was the callback itself that destroyed it: the destructor waits.
class Subscription {
 public:
  Subscription() = default;
  ~Subscription();
  Subscription(Subscription&& other) noexcept = default;
  Subscription& operator=(Subscription&& other) noexcept;

 private:
  friend class Bell;
  struct Listener;

  explicit Subscription(std::shared_ptr<Listener> listener);

  std::shared_ptr<Listener> listener_;
};

class Bell {
 public:
  // `on_ring` is called at each ring for `execution`.
  Subscription Subscribe(absl::string_view execution,
                         std::function<void()> on_ring);

  // Calls everybody who listens, one after the other.
  void Ring(absl::string_view execution);

 private:
  using Listeners = std::vector<std::weak_ptr<Subscription::Listener>>;

  Mutex mutex_;
  absl::flat_hash_map<std::string, Listeners> listeners_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_SUBSCRIPTION_H_

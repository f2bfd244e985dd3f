#include "service/execution/subscription.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "service/base/mutex.h"

namespace doppel::execution {

struct Subscription::Listener {
  explicit Listener(std::function<void()> callback)
      : on_ring(std::move(callback)) {}

  void Ring() {
    MutexLock lock(mutex);
    if (closed) return;
    ringing.store(std::this_thread::get_id());
    on_ring();
    ringing.store(std::thread::id());
  }

  void Close() {
    if (ringing.load() == std::this_thread::get_id()) {
      closed = true;  // within on_ring, which holds the mutex
      return;
    }
    MutexLock lock(mutex);
    closed = true;
  }

  const std::function<void()> on_ring;
  Mutex mutex;
  bool closed = false;  // guarded by mutex
  std::atomic<std::thread::id> ringing;
};

Subscription::Subscription(std::shared_ptr<Listener> listener)
    : listener_(std::move(listener)) {}

Subscription::~Subscription() {
  if (listener_ != nullptr) listener_->Close();
}

Subscription& Subscription::operator=(Subscription&& other) noexcept {
  if (this != &other) {
    if (listener_ != nullptr) listener_->Close();
    listener_ = std::move(other.listener_);
  }
  return *this;
}

Subscription Bell::Subscribe(absl::string_view execution,
                             std::function<void()> on_ring) {
  auto listener = std::make_shared<Subscription::Listener>(std::move(on_ring));
  MutexLock lock(mutex_);
  absl::erase_if(listeners_, [](auto& entry) {
    std::erase_if(entry.second,
                  [](const auto& listener) { return listener.expired(); });
    return entry.second.empty();
  });
  listeners_[execution].push_back(listener);
  return Subscription(std::move(listener));
}

void Bell::Ring(absl::string_view execution) {
  std::vector<std::shared_ptr<Subscription::Listener>> found;
  {
    MutexLock lock(mutex_);
    const auto entry = listeners_.find(execution);
    if (entry == listeners_.end()) return;
    for (const auto& weak : entry->second) {
      if (auto listener = weak.lock()) found.push_back(std::move(listener));
    }
  }
  for (const auto& listener : found) listener->Ring();
}

}  // namespace doppel::execution

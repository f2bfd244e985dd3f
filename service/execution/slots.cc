#include "service/execution/slots.h"

#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <tuple>
#include <utility>

#include "service/base/mutex.h"

namespace doppel::execution {

std::optional<Slots::Slot> Slots::Acquire(const std::string& execution,
                                          std::stop_token stop) {
  std::unique_lock<Mutex> lock(mutex_);
  Share& share = shares_[execution];
  if (share.waiting++ == 0) share.since = ++now_;
  const bool is_mine = changed_.wait(
      lock, std::move(stop), [&] { return free_ > 0 && IsNext(execution); });
  --share.waiting;
  if (is_mine) {
    --free_;
    ++share.held;
    share.since = ++now_;
  }
  Forget(execution);
  // Who is next may be another one now.
  changed_.notify_all();
  if (!is_mine) return std::nullopt;
  return Slot(this, execution);
}

// The fewest first; of as many, who has waited longest.
bool Slots::IsNext(const std::string& execution) {
  const Share& mine = shares_[execution];
  for (const auto& [other, share] : shares_) {
    if (share.waiting > 0 &&
        std::tie(share.held, share.since) < std::tie(mine.held, mine.since)) {
      return false;
    }
  }
  return true;
}

bool Slots::ShouldYield(const std::string& execution) {
  MutexLock lock(mutex_);
  const int held = shares_[execution].held;
  for (const auto& [other, share] : shares_) {
    if (other != execution && share.waiting > 0 && share.held < held) {
      return true;
    }
  }
  return false;
}

void Slots::Release(const std::string& execution) {
  MutexLock lock(mutex_);
  ++free_;
  --shares_[execution].held;
  Forget(execution);
  changed_.notify_all();
}

void Slots::Forget(const std::string& execution) {
  const auto share = shares_.find(execution);
  if (share->second.held == 0 && share->second.waiting == 0) {
    shares_.erase(share);
  }
}

}  // namespace doppel::execution

#include "service/warehouse/adbc/keeper.h"

#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "absl/time/time.h"
#include "service/base/mutex.h"

namespace doppel::warehouse::adbc {

Keeper::Keeper(absl::Duration time) : time_(absl::ToChronoMilliseconds(time)) {}

Keeper::~Keeper() {
  std::jthread thread;
  {
    MutexLock lock(mutex_);
    thread = std::move(thread_);
  }
  // Asks it to end and waits, before the rest goes.
  thread = {};
}

void Keeper::Keep(Instances::Lease lease) {
  if (time_.count() == 0) return;
  // Ends after the lock: that may close the database.
  std::optional<Instances::Lease> before;
  MutexLock lock(mutex_);
  if (kept_.has_value()) before.emplace(*std::move(kept_));
  kept_.emplace(std::move(lease));
  until_ = Clock::now() + time_;
  if (!thread_.joinable()) {
    thread_ = std::jthread([this](std::stop_token stop) { EndInTime(stop); });
  }
  changed_.notify_all();
}

void Keeper::EndInTime(const std::stop_token& stop) {
  std::unique_lock<Mutex> lock(mutex_);
  while (!stop.stop_requested()) {
    if (!kept_.has_value()) {
      changed_.wait(lock, stop, [this] { return kept_.has_value(); });
      continue;
    }
    const Clock::time_point until = until_;
    if (Clock::now() < until) {
      changed_.wait_until(lock, stop, until, [&] { return until_ != until; });
      continue;
    }
    std::optional<Instances::Lease> over(std::move(kept_));
    kept_.reset();
    lock.unlock();
    over.reset();
    lock.lock();
  }
}

}  // namespace doppel::warehouse::adbc

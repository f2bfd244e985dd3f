#include "service/warehouse/adbc/deadline.h"

#include <mutex>
#include <stop_token>
#include <thread>

#include "absl/time/time.h"
#include "service/base/mutex.h"

namespace doppel::warehouse::adbc {

Deadline::Deadline(absl::Duration limit) {
  if (limit == absl::InfiniteDuration()) return;
  thread_ = std::jthread([this, limit](const std::stop_token& gone) {
    std::unique_lock<Mutex> lock(mutex_);
    wake_.wait_for(lock, gone, absl::ToChronoMilliseconds(limit),
                   [] { return false; });
    if (!gone.stop_requested()) stop_.request_stop();
  });
}

}  // namespace doppel::warehouse::adbc

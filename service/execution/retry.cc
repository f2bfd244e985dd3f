#include "service/execution/retry.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/mutex.h"

namespace doppel::execution {

bool IsTransient(const absl::Status& status) {
  if (!absl::IsUnavailable(status)) return false;
  const Reason reason = GetReason(status);
  return reason == Reason::kWarehouseUnreachable ||
         reason == Reason::kWarehouseBusy;
}

absl::Duration PauseAfter(int attempts, const RetryOptions& options) {
  const double times = std::pow(options.factor, std::max(0, attempts - 1));
  return std::min(options.first_pause * times, options.longest_pause);
}

bool WaitFor(absl::Duration pause, const std::stop_token& stop) {
  Mutex mutex;
  CondVar stopped;
  mutex.Lock();
  stopped.wait_for(mutex, stop, absl::ToChronoNanoseconds(pause),
                   [] { return false; });
  mutex.Unlock();
  return !stop.stop_requested();
}

void Pause(absl::Duration pause, const RetryOptions& options,
           std::stop_token stop) {
  if (options.sleep) {
    options.sleep(pause, stop);
  } else {
    WaitFor(pause, stop);
  }
}

}  // namespace doppel::execution

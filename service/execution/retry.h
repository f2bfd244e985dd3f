// Which errors of a warehouse are worth another attempt, and when.
//
// Thread contract: plain data and pure functions.
#ifndef DOPPEL_SERVICE_EXECUTION_RETRY_H_
#define DOPPEL_SERVICE_EXECUTION_RETRY_H_

#include <functional>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace doppel::execution {

struct RetryOptions {
  // Attempts of one operation altogether.
  int max_attempts = 5;
  // The pause after the first attempt; each one after is `factor` times longer.
  absl::Duration first_pause = absl::Milliseconds(200);
  double factor = 2.0;
  absl::Duration longest_pause = absl::Seconds(10);
  // Waits; returns early when stopped. Tests put their own here.
  std::function<void(absl::Duration, std::stop_token)> sleep;
};

// True for what the warehouse calls passing: UNAVAILABLE WAREHOUSE_UNREACHABLE
// and WAREHOUSE_BUSY, nothing else.
bool IsTransient(const absl::Status& status);

// The pause after that many attempts (from 1).
absl::Duration PauseAfter(int attempts, const RetryOptions& options);

// Waits; false where it was stopped meanwhile.
bool WaitFor(absl::Duration pause, const std::stop_token& stop);

// Waits with options.sleep, or for real where it is not set.
void Pause(absl::Duration pause, const RetryOptions& options,
           std::stop_token stop);

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_RETRY_H_

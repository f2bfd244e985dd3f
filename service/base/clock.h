// The time of day, as an object, so that tests choose it.
#ifndef DOPPEL_SERVICE_BASE_CLOCK_H_
#define DOPPEL_SERVICE_BASE_CLOCK_H_

#include <functional>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace doppel {

// Answers "now". Must be safe to call from any thread.
using Clock = std::function<absl::Time()>;

inline Clock RealClock() {
  return [] { return absl::Now(); };
}

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_CLOCK_H_

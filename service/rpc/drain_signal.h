// Says once, to whoever listens, that the server is going away: gRPC itself
// tells open streams only at the shutdown's deadline.
//
// Thread contract: thread-safe.
#ifndef DOPPEL_SERVICE_RPC_DRAIN_SIGNAL_H_
#define DOPPEL_SERVICE_RPC_DRAIN_SIGNAL_H_

#include <stop_token>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "service/base/error.h"

namespace doppel::rpc {

// Requested on `calls` when new work is refused, on `streams` when open
// streams are to end.
struct DrainSignal {
  std::stop_source calls;
  std::stop_source streams;
};

inline absl::Status DrainingError() {
  return Error(absl::StatusCode::kUnavailable, Reason::kServerDraining,
               "the server is going away; call again, another replica or its "
               "next start will answer")
      .RetryAfter(absl::Seconds(1));
}

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_DRAIN_SIGNAL_H_

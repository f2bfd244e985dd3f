// doppeld's flags.
#ifndef DOPPEL_SERVICE_SERVER_FLAGS_H_
#define DOPPEL_SERVICE_SERVER_FLAGS_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/server/host.h"

namespace doppel::server {

// Sets what --help and --version print. Call before absl::ParseCommandLine.
void SetUpFlags();

// The options that the flags ask for. INVALID_ARGUMENT, naming the flag and
// what to do, for what cannot be.
absl::StatusOr<HostOptions> OptionsFromFlags();

absl::Duration DrainDelay();
absl::Duration DrainGrace();

}  // namespace doppel::server

#endif  // DOPPEL_SERVICE_SERVER_FLAGS_H_

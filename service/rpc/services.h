// What the handlers of all calls work with. Everything outlives them and is
// thread-safe.
#ifndef DOPPEL_SERVICE_RPC_SERVICES_H_
#define DOPPEL_SERVICE_RPC_SERVICES_H_

#include <string>

#include "service/base/clock.h"
#include "service/execution/executor.h"
#include "service/rpc/limits.h"
#include "service/store/manifest_library.h"
#include "service/store/store.h"
#include "service/warehouse/connections.h"

namespace doppel::rpc {

struct Services {
  store::Store* store;
  store::ManifestLibrary* library;
  warehouse::Connections* connections;
  execution::Executor* executor;
  Clock clock;
  Limits limits;
  std::string server_version;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_SERVICES_H_

// What the service refuses beyond; GetCapabilities tells it.
#ifndef DOPPEL_SERVICE_RPC_LIMITS_H_
#define DOPPEL_SERVICE_RPC_LIMITS_H_

#include <cstdint>

namespace doppel::rpc {

struct Limits {
  int64_t max_manifest_bytes = int64_t{1} << 30;
  int64_t max_manifest_nodes = 1'000'000;
  int32_t max_chunk_bytes = 1 << 20;
  int64_t max_artifact_bytes = int64_t{48} << 20;
  int32_t max_page_size = 10'000;
  int32_t max_sources = 32;
  int32_t max_connections = 16;
};

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_LIMITS_H_

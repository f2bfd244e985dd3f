#include "service/manifest/fingerprint.h"

// Short texts are hashed by the million: without a call.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace doppel::manifest {

Fingerprint FingerprintOf(absl::string_view bytes, uint64_t seed) {
  const XXH128_hash_t hash =
      XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed);
  return {hash.low64, hash.high64};
}

}  // namespace doppel::manifest

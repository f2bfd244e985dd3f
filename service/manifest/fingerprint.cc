#include "service/manifest/fingerprint.h"

#include <xxhash.h>

namespace doppel::manifest {

Fingerprint FingerprintOf(absl::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.low64, hash.high64};
}

}  // namespace doppel::manifest

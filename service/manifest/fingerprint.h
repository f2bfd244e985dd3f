// A 128-bit fingerprint of a value (XXH3), by which two manifests' contents are
// compared without touching their bytes. Equal values have equal fingerprints;
// that different ones collide is not expected in the life of the universe
// (2^-128 a pair). Not for secrets, not for storage: the form may change.
#ifndef DOPPEL_SERVICE_MANIFEST_FINGERPRINT_H_
#define DOPPEL_SERVICE_MANIFEST_FINGERPRINT_H_

#include <cstdint>
#include <utility>

#include "absl/strings/string_view.h"

namespace doppel::manifest {

struct Fingerprint {
  uint64_t low = 0;
  uint64_t high = 0;

  // The fingerprint of "not there" is the zero one.
  bool empty() const { return low == 0 && high == 0; }

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Fingerprint& f) {
    return H::combine(std::move(h), f.low, f.high);
  }
};

// Those of different seeds are different for the same bytes.
Fingerprint FingerprintOf(absl::string_view bytes, uint64_t seed = 0);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_FINGERPRINT_H_

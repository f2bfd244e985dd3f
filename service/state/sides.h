// The two manifests that are compared, and how their configs are read.
#ifndef DOPPEL_SERVICE_STATE_SIDES_H_
#define DOPPEL_SERVICE_STATE_SIDES_H_

#include "service/manifest/manifest.h"

namespace doppel::state {

// The two sides of one comparison, and how it is made.
struct Sides {
  const manifest::Manifest& older;
  const manifest::Manifest& current;
  // Compare sources by their unrendered database and schema.
  bool unrendered_sources = true;
  // Read the config() calls of that side anew (unrendered_config.h).
  bool reread_older = false;
  bool reread_current = false;
};

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_SIDES_H_

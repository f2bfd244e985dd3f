// How long the nodes took that need not be built again.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_ADVICE_REBUILDING_H_
#define DOPPEL_SERVICE_ADVICE_REBUILDING_H_

#include <map>
#include <span>
#include <string>

#include "absl/time/time.h"
#include "service/manifest/manifest.h"

namespace doppel::advice {

struct Rebuilding {
  absl::Duration ancestors;  // of the selected nodes, without these
  absl::Duration selected;
};

// Of models, seeds and snapshots; `seconds` is what the last build of each took
// (by unique id), `selected` ascending.
Rebuilding RebuildingOf(const manifest::Manifest& manifest,
                        std::span<const manifest::NodeId> selected,
                        const std::map<std::string, double>& seconds);

}  // namespace doppel::advice

#endif  // DOPPEL_SERVICE_ADVICE_REBUILDING_H_

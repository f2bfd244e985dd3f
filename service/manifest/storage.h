// What a Manifest's views point into. Internal to this room.
#ifndef DOPPEL_SERVICE_MANIFEST_STORAGE_H_
#define DOPPEL_SERVICE_MANIFEST_STORAGE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/manifest/arena.h"
#include "service/manifest/graph.h"
#include "service/manifest/manifest.h"

namespace doppel::manifest {

struct Manifest::Storage {
  // Into whose arena views point as well, or nullptr.
  std::shared_ptr<const Manifest> base;
  Arena arena;
  std::vector<Node> nodes;
  std::vector<Fingerprint> id_fingerprints;
  std::vector<Macro> macros;
  Graph graph;
  std::vector<absl::string_view> disabled;  // sorted
  std::vector<std::string> dangling;
  std::vector<std::pair<absl::string_view, Span>> sections;
};

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_STORAGE_H_

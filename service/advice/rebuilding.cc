#include "service/advice/rebuilding.h"

#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "service/manifest/manifest.h"
#include "service/manifest/node.h"

namespace doppel::advice {
namespace {

using manifest::Manifest;
using manifest::NodeId;

// Of each node, whether one of `from` can be reached from it.
std::vector<bool> Ancestors(const Manifest& manifest,
                            std::span<const NodeId> from) {
  std::vector<bool> found(manifest.node_count());
  std::vector<NodeId> left(from.begin(), from.end());
  while (!left.empty()) {
    const NodeId next = left.back();
    left.pop_back();
    for (const NodeId parent : manifest.parents(next)) {
      if (found[parent]) continue;
      found[parent] = true;
      left.push_back(parent);
    }
  }
  return found;
}

}  // namespace

Rebuilding RebuildingOf(const Manifest& manifest,
                        std::span<const NodeId> selected,
                        const std::map<std::string, double>& seconds) {
  const std::vector<bool> ancestors = Ancestors(manifest, selected);
  std::vector<bool> is_selected(manifest.node_count());
  for (const NodeId id : selected) is_selected[id] = true;
  Rebuilding rebuilding;
  for (const auto& [unique_id, took] : seconds) {
    const auto id = manifest.Find(unique_id);
    if (!id.has_value() || !manifest::IsRefable(manifest.node(*id).type)) {
      continue;
    }
    if (is_selected[*id]) {
      rebuilding.selected += absl::Seconds(took);
    } else if (ancestors[*id]) {
      rebuilding.ancestors += absl::Seconds(took);
    }
  }
  return rebuilding;
}

}  // namespace doppel::advice

#include "service/selection/graph_walk.h"

#include <span>
#include <utility>
#include <vector>

#include "service/manifest/manifest.h"
#include "service/selection/node_set.h"

namespace doppel::selection {
namespace {

using manifest::Manifest;
using manifest::NodeId;

// Breadth first, a level at a time.
template <typename Next>
NodeSet Walk(const Manifest& manifest, const NodeSet& from, int depth,
             Next next) {
  NodeSet reached = from;
  std::vector<NodeId> level = from.ToVector();
  for (int step = 0; step < depth && !level.empty(); ++step) {
    std::vector<NodeId> following;
    for (const NodeId id : level) {
      for (const NodeId neighbor : next(id)) {
        if (reached.Contains(neighbor) || !manifest.node(neighbor).enabled) {
          continue;
        }
        reached.Add(neighbor);
        following.push_back(neighbor);
      }
    }
    level = std::move(following);
  }
  return reached;
}

}  // namespace

NodeSet WithAncestors(const Manifest& manifest, const NodeSet& from,
                      int depth) {
  return Walk(manifest, from, depth,
              [&manifest](NodeId id) { return manifest.parents(id); });
}

NodeSet WithDescendants(const Manifest& manifest, const NodeSet& from,
                        int depth) {
  return Walk(manifest, from, depth,
              [&manifest](NodeId id) { return manifest.children(id); });
}

}  // namespace doppel::selection

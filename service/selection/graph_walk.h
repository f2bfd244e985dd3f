// Walks from a set of nodes along the edges between enabled nodes, as dbt's
// graph operators do (dbt 1.12, graph/graph.py).
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_SELECTION_GRAPH_WALK_H_
#define DOPPEL_SERVICE_SELECTION_GRAPH_WALK_H_

#include <limits>

#include "service/manifest/manifest.h"
#include "service/selection/node_set.h"

namespace doppel::selection {

inline constexpr int kAnyDepth = std::numeric_limits<int>::max();

// The nodes from which one of `from` can be reached (or the reverse) over at
// most `depth` edges, `from` included.
NodeSet WithAncestors(const manifest::Manifest& manifest, const NodeSet& from,
                      int depth = kAnyDepth);
NodeSet WithDescendants(const manifest::Manifest& manifest, const NodeSet& from,
                        int depth = kAnyDepth);

}  // namespace doppel::selection

#endif  // DOPPEL_SERVICE_SELECTION_GRAPH_WALK_H_

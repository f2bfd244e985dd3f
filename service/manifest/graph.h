// The edges of a manifest as compressed sparse rows, in both directions.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_MANIFEST_GRAPH_H_
#define DOPPEL_SERVICE_MANIFEST_GRAPH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "service/manifest/node.h"

namespace doppel::manifest {

// Row i is `ids[begin[i]] .. ids[begin[i + 1]]`, ascending.
struct Rows {
  std::vector<uint32_t> begin;
  std::vector<NodeId> ids;
};

struct Graph {
  Rows parents;
  Rows children;
  std::vector<NodeId> order;  // parents first; shorter where there is a cycle
};

// The reverse of `parents`, and an order. The order is the same for the same
// graph: of the nodes whose parents have come, in breadth.
Graph MakeGraph(Rows parents);

// The nodes of one cycle, each followed by one that it depends on, the smallest
// first; empty where `graph.order` has every node.
std::vector<NodeId> FindCycle(const Graph& graph);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_GRAPH_H_

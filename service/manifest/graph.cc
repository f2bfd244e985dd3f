#include "service/manifest/graph.h"

#include <algorithm>
#include <utility>

namespace doppel::manifest {
namespace {

Rows Reverse(const Rows& rows) {
  const size_t count = rows.begin.size() - 1;
  Rows reverse;
  reverse.begin.assign(count + 1, 0);
  reverse.ids.resize(rows.ids.size());
  for (NodeId id : rows.ids) ++reverse.begin[id + 1];
  for (size_t i = 0; i < count; ++i) {
    reverse.begin[i + 1] += reverse.begin[i];
  }
  std::vector<uint32_t> next(reverse.begin.begin(), reverse.begin.end() - 1);
  for (NodeId from = 0; from < count; ++from) {
    for (uint32_t i = rows.begin[from]; i < rows.begin[from + 1]; ++i) {
      reverse.ids[next[rows.ids[i]]++] = from;
    }
  }
  return reverse;
}

std::vector<NodeId> TopologicalOrder(const Rows& parents,
                                     const Rows& children) {
  const size_t count = parents.begin.size() - 1;
  std::vector<uint32_t> waits_for(count);
  std::vector<NodeId> order;
  order.reserve(count);
  for (NodeId id = 0; id < count; ++id) {
    waits_for[id] = parents.begin[id + 1] - parents.begin[id];
    if (waits_for[id] == 0) order.push_back(id);
  }
  for (size_t next = 0; next < order.size(); ++next) {
    const NodeId id = order[next];
    for (uint32_t i = children.begin[id]; i < children.begin[id + 1]; ++i) {
      const NodeId child = children.ids[i];
      if (--waits_for[child] == 0) order.push_back(child);
    }
  }
  return order;
}

}  // namespace

Graph MakeGraph(Rows parents) {
  Graph graph;
  graph.parents = std::move(parents);
  graph.children = Reverse(graph.parents);
  graph.order = TopologicalOrder(graph.parents, graph.children);
  return graph;
}

std::vector<NodeId> FindCycle(const Graph& graph) {
  const size_t count = graph.parents.begin.size() - 1;
  std::vector<bool> ordered(count, false);
  for (NodeId id : graph.order) ordered[id] = true;
  const auto start = std::find(ordered.begin(), ordered.end(), false);
  if (start == ordered.end()) return {};
  // Each node without a place has a parent without one: going from parent to
  // parent must come back to where it has been.
  std::vector<size_t> step(count, 0);
  std::vector<NodeId> path;
  auto at = static_cast<NodeId>(start - ordered.begin());
  while (step[at] == 0) {
    path.push_back(at);
    step[at] = path.size();
    uint32_t i = graph.parents.begin[at];
    while (ordered[graph.parents.ids[i]]) ++i;
    at = graph.parents.ids[i];
  }
  path.erase(path.begin(), path.begin() + static_cast<ptrdiff_t>(step[at] - 1));
  std::rotate(path.begin(), std::min_element(path.begin(), path.end()),
              path.end());
  return path;
}

}  // namespace doppel::manifest

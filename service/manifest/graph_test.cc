#include "service/manifest/graph.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace doppel::manifest {
namespace {

Rows MakeRows(const std::vector<std::vector<NodeId>>& lists) {
  Rows rows;
  rows.begin.push_back(0);
  for (const std::vector<NodeId>& list : lists) {
    rows.ids.insert(rows.ids.end(), list.begin(), list.end());
    rows.begin.push_back(static_cast<uint32_t>(rows.ids.size()));
  }
  return rows;
}

TEST(GraphTest, EmptyGraph) {
  const Graph graph = MakeGraph(MakeRows({}));
  EXPECT_TRUE(graph.order.empty());
  EXPECT_TRUE(FindCycle(graph).empty());
}

TEST(GraphTest, ReversesAndOrders) {
  // 2 -> 0 -> 3, 2 -> 3, 1 alone.
  const Graph graph = MakeGraph(MakeRows({{2}, {}, {}, {0, 2}}));
  EXPECT_EQ(graph.children.begin, (std::vector<uint32_t>{0, 1, 1, 3, 3}));
  EXPECT_EQ(graph.children.ids, (std::vector<NodeId>{3, 0, 3}));
  EXPECT_EQ(graph.order, (std::vector<NodeId>{1, 2, 0, 3}));
  EXPECT_TRUE(FindCycle(graph).empty());
}

TEST(GraphTest, FindsACycleAndNothingBesideIt) {
  // 0 stands behind the cycle 1 -> 3 -> 2 -> 1, 4 before it.
  const Graph graph = MakeGraph(MakeRows({{2}, {3, 4}, {1}, {2}, {}}));
  EXPECT_EQ(graph.order, std::vector<NodeId>{4});
  EXPECT_EQ(FindCycle(graph), (std::vector<NodeId>{1, 3, 2}));
}

TEST(GraphTest, FindsANodeThatDependsOnItself) {
  const Graph graph = MakeGraph(MakeRows({{}, {1}}));
  EXPECT_EQ(FindCycle(graph), std::vector<NodeId>{1});
}

}  // namespace
}  // namespace doppel::manifest

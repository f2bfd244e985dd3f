#include "service/clone/replacing.h"

#include <span>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "service/base/relation.h"
#include "service/manifest/relation_of.h"

namespace doppel::clone {
namespace {

using manifest::Manifest;
using manifest::NodeId;

bool IsView(RelationKind kind) {
  return kind == RelationKind::kView || kind == RelationKind::kMaterializedView;
}

// The nodes whose relations read that of `node`.
std::vector<NodeId> ReadersOf(const Manifest& manifest, NodeId node) {
  std::vector<NodeId> readers;
  std::vector<NodeId> waiting = {node};
  absl::flat_hash_set<NodeId> seen = {node};
  while (!waiting.empty()) {
    const NodeId next = waiting.back();
    waiting.pop_back();
    for (const NodeId child : manifest.children(next)) {
      if (!seen.insert(child).second) continue;
      const bool is_seen_through = manifest::IsEphemeral(manifest.node(child));
      (is_seen_through ? waiting : readers).push_back(child);
    }
  }
  return readers;
}

}  // namespace

void ReplaceViewsFirst(const Manifest& manifest,
                       std::span<Operation> operations) {
  absl::flat_hash_map<NodeId, int> views;  // -> the operation's id
  for (const Operation& operation : operations) {
    if (!operation.replaces || !IsView(operation.replaces->kind)) continue;
    const auto node = manifest.Find(operation.unique_id);
    if (node.has_value()) views.emplace(*node, operation.id);
  }
  for (Operation& operation : operations) {
    if (!operation.replaces) continue;
    const auto node = manifest.Find(operation.unique_id);
    if (!node.has_value()) continue;
    absl::btree_set<int> first(operation.depends_on.begin(),
                               operation.depends_on.end());
    for (const NodeId reader : ReadersOf(manifest, *node)) {
      const auto found = views.find(reader);
      if (found != views.end()) first.insert(found->second);
    }
    operation.depends_on.assign(first.begin(), first.end());
  }
}

}  // namespace doppel::clone

#include "service/deferral/merged_nodes.h"

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"

namespace doppel::deferral {
namespace {

using manifest::NodeId;

// Walks the nodes of all sources in the order of their unique ids.
class Walk {
 public:
  explicit Walk(std::span<const DeferSource> sources)
      : sources_(sources), next_(sources.size()) {}

  // The smallest unique id that is left; none at the end.
  std::optional<absl::string_view> Id() const {
    std::optional<absl::string_view> smallest;
    for (size_t i = 0; i < sources_.size(); ++i) {
      if (next_[i] == sources_[i].manifest->node_count()) continue;
      const absl::string_view id = IdAt(i);
      if (!smallest.has_value() || id < *smallest) smallest = id;
    }
    return smallest;
  }

  // The node that source has of that unique id, which is Id()'s.
  std::optional<NodeId> At(size_t source, absl::string_view id) const {
    if (next_[source] == sources_[source].manifest->node_count() ||
        IdAt(source) != id) {
      return std::nullopt;
    }
    return next_[source];
  }

  void Pass(absl::string_view id) {
    for (size_t i = 0; i < sources_.size(); ++i) {
      if (At(i, id).has_value()) ++next_[i];
    }
  }

 private:
  absl::string_view IdAt(size_t source) const {
    return sources_[source].manifest->node(next_[source]).unique_id;
  }

  std::span<const DeferSource> sources_;
  std::vector<NodeId> next_;
};

std::optional<MergedNode> Choose(std::span<const DeferSource> sources,
                                 const Walk& walk, absl::string_view id) {
  for (size_t i = 0; i < sources.size(); ++i) {
    const std::optional<NodeId> node = walk.At(i, id);
    if (!node.has_value()) continue;
    if (IsServable(sources[i].manifest->node(*node)) &&
        MayServe(sources[i], *node)) {
      return MergedNode{static_cast<uint16_t>(i), *node};
    }
  }
  const std::optional<NodeId> base = walk.At(0, id);
  if (base.has_value() && !IsServable(sources[0].manifest->node(*base))) {
    return MergedNode{0, *base};
  }
  return std::nullopt;
}

}  // namespace

std::vector<MergedNode> Merge(std::span<const DeferSource> sources) {
  std::vector<MergedNode> merged;
  Walk walk(sources);
  while (const std::optional<absl::string_view> id = walk.Id()) {
    if (const auto chosen = Choose(sources, walk, *id)) {
      merged.push_back(*chosen);
    }
    walk.Pass(*id);
  }
  return merged;
}

std::vector<std::vector<uint32_t>> PlacesOf(
    std::span<const DeferSource> sources, std::span<const MergedNode> merged) {
  std::vector<std::vector<uint32_t>> places(sources.size());
  for (size_t i = 0; i < sources.size(); ++i) {
    const manifest::Manifest& manifest = *sources[i].manifest;
    places[i].assign(manifest.node_count(), kNotMerged);
    NodeId node = 0;
    for (uint32_t place = 0; place < merged.size(); ++place) {
      const absl::string_view id = sources[merged[place].source]
                                       .manifest->node(merged[place].node)
                                       .unique_id;
      while (node < manifest.node_count() &&
             manifest.node(node).unique_id < id) {
        ++node;
      }
      if (node == manifest.node_count()) break;
      if (manifest.node(node).unique_id == id) places[i][node] = place;
    }
  }
  return places;
}

}  // namespace doppel::deferral

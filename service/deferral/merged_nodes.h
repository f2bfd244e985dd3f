// Which manifest each node of a spliced state comes from.
//
// Thread contract: plain data; Merge is a pure function.
#ifndef DOPPEL_SERVICE_DEFERRAL_MERGED_NODES_H_
#define DOPPEL_SERVICE_DEFERRAL_MERGED_NODES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "service/deferral/source.h"
#include "service/manifest/manifest.h"

namespace doppel::deferral {

struct MergedNode {
  uint16_t source = 0;
  manifest::NodeId node = 0;
};

// For the nodes of all sources, in the order of their unique ids: a servable
// one comes from the first source that may serve it; what is not servable
// (tests, source definitions, exposures, ephemeral models, ...) comes from the
// first source if it is there, and is left out else. Servable nodes that no
// source may serve are left out, too.
std::vector<MergedNode> Merge(std::span<const DeferSource> sources);

// For each source and each of its nodes: the place in `merged` of the node of
// the same unique id, or kNotMerged.
inline constexpr uint32_t kNotMerged = ~uint32_t{0};
std::vector<std::vector<uint32_t>> PlacesOf(
    std::span<const DeferSource> sources, std::span<const MergedNode> merged);

}  // namespace doppel::deferral

#endif  // DOPPEL_SERVICE_DEFERRAL_MERGED_NODES_H_

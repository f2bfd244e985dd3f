// A source of deferral: a manifest, the name under which people know it, and
// which of its nodes it may serve.
//
// Thread contract: plain data.
#ifndef DOPPEL_SERVICE_DEFERRAL_SOURCE_H_
#define DOPPEL_SERVICE_DEFERRAL_SOURCE_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/manifest/manifest.h"

namespace doppel::deferral {

struct DeferSource {
  std::string label;  // an environment's or a manifest's name
  std::shared_ptr<const manifest::Manifest> manifest;
  // Ids of its own manifest, ascending. None: all.
  std::optional<std::vector<manifest::NodeId>> serves;
};

// What dbt attaches a deferred relation to: models, seeds and snapshots that
// are not ephemeral, and functions.
inline bool IsServable(const manifest::Node& node) {
  return node.type == manifest::ResourceType::kFunction ||
         (manifest::IsRefable(node.type) && !manifest::IsEphemeral(node));
}

// Whether the source's selection lets it serve its node.
bool MayServe(const DeferSource& source, manifest::NodeId node);

// How many of its nodes it may serve.
size_t ServableNodes(const DeferSource& source);

}  // namespace doppel::deferral

#endif  // DOPPEL_SERVICE_DEFERRAL_SOURCE_H_

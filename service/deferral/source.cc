#include "service/deferral/source.h"

#include <algorithm>

namespace doppel::deferral {

bool MayServe(const DeferSource& source, manifest::NodeId node) {
  return !source.serves.has_value() ||
         std::binary_search(source.serves->begin(), source.serves->end(), node);
}

size_t ServableNodes(const DeferSource& source) {
  const manifest::Manifest& manifest = *source.manifest;
  if (source.serves.has_value()) {
    return static_cast<size_t>(std::count_if(
        source.serves->begin(), source.serves->end(),
        [&](manifest::NodeId id) { return IsServable(manifest.node(id)); }));
  }
  return static_cast<size_t>(std::count_if(manifest.nodes().begin(),
                                           manifest.nodes().end(), IsServable));
}

}  // namespace doppel::deferral

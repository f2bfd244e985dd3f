// Which of a node's contents differ between two manifests.
//
// Rules: the same_* methods of dbt 1.12, contracts/graph/nodes.py. What is
// compared, and what of it makes a node "modified", depends on its type.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_STATE_CONTENT_H_
#define DOPPEL_SERVICE_STATE_CONTENT_H_

#include <cstdint>
#include <vector>

#include "service/manifest/manifest.h"
#include "service/state/cause.h"
#include "service/state/sides.h"

namespace doppel::state {

// A set of differences.
enum Difference : uint8_t {
  kDifferentBody = 1,
  kDifferentConfig = 2,
  kDifferentDescription = 4,
  kDifferentRelation = 8,
  kDifferentFqn = 16,
  kDifferentField = 32,
};
using Differences = uint8_t;

// What state:modified looks at for a type.
Differences ContentOf(const manifest::Node& node);

// dbt keeps a node's old and new content apart by sub-selector for these: a
// model, seed, snapshot, test, analysis, operation or function.
bool IsCodeNode(manifest::ResourceType type);

// Whether modified.configs and modified.relation apply to the type.
bool HasComparedConfig(manifest::ResourceType type);
bool HasRelation(manifest::ResourceType type);

Differences CompareContent(const Sides& sides, const manifest::Node& older,
                           const manifest::Node& current);

// The causes behind these differences.
std::vector<Cause> ContentCauses(const Sides& sides,
                                 const manifest::Node& older,
                                 const manifest::Node& current,
                                 Differences differences);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_CONTENT_H_

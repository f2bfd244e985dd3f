// The relation that a node stands for.
#ifndef DOPPEL_SERVICE_MANIFEST_RELATION_OF_H_
#define DOPPEL_SERVICE_MANIFEST_RELATION_OF_H_

#include <string>

#include "service/base/relation.h"
#include "service/manifest/node.h"

namespace doppel::manifest {

// Whether a node of that type and config has a relation of its own: models,
// seeds and snapshots that are not ephemeral, sources and functions, and tests
// that store their failures.
inline bool HasRelation(const Node& node) {
  switch (node.type) {
    case ResourceType::kModel:
    case ResourceType::kSeed:
    case ResourceType::kSnapshot:
      return !IsEphemeral(node);
    case ResourceType::kSource:
    case ResourceType::kFunction:
      return true;
    case ResourceType::kTest:
      return node.relation_name.has_value();
    default:
      return false;
  }
}

// Its name, as the manifest has it.
inline RelationName RelationOf(const Node& node) {
  return {std::string(node.database.value_or("")), std::string(node.schema),
          std::string(node.identifier)};
}

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_RELATION_OF_H_

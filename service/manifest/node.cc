#include "service/manifest/node.h"

#include <array>
#include <cstddef>

namespace doppel::manifest {
namespace {

// In the order of ResourceType.
constexpr std::array<absl::string_view, 15> kNames = {
    "model",          "seed",          "snapshot",  "test",     "analysis",
    "operation",      "sql_operation", "source",    "exposure", "metric",
    "semantic_model", "saved_query",   "unit_test", "function", "unknown",
};

}  // namespace

absl::string_view ResourceTypeName(ResourceType type) {
  return kNames[static_cast<size_t>(type)];
}

std::optional<ResourceType> ResourceTypeFromName(absl::string_view name) {
  for (size_t i = 0; i < static_cast<size_t>(ResourceType::kUnknown); ++i) {
    if (kNames[i] == name) return static_cast<ResourceType>(i);
  }
  return std::nullopt;
}

}  // namespace doppel::manifest

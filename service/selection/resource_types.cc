#include "service/selection/resource_types.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/dbt_version.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/manifest/node.h"

namespace doppel::selection {
namespace {

using manifest::ResourceType;

ResourceTypes SetOf(const std::vector<ResourceType>& types) {
  ResourceTypes set;
  for (const ResourceType type : types) set.set(static_cast<size_t>(type));
  return set;
}

Error NoType(absl::string_view field, size_t index, absl::string_view word,
             absl::string_view others) {
  const std::string where = absl::StrCat(field, "[", index, "]");
  const std::string message =
      absl::StrCat("\"", word,
                   "\" is no resource type; expected one such as model, "
                   "seed, snapshot, test, source or exposure",
                   others);
  return Error(absl::StatusCode::kInvalidArgument,
               Reason::kSelectionInvalidValue,
               absl::StrCat(where, ": ", message))
      .With("value", word)
      .Field(where, message);
}

// "all" and "default", which dbt takes for what to keep alone; empty for other
// words.
ResourceTypes TypesOfWord(absl::string_view word) {
  if (word != "default" && word != "all") return {};
  ResourceTypes types = SetOf(CommandResourceTypes("ls"));
  if (word == "all") types.set(static_cast<size_t>(ResourceType::kAnalysis));
  return types;
}

absl::StatusOr<ResourceTypes> KeptTypes(const std::vector<std::string>& words) {
  ResourceTypes types;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::optional<ResourceType> type =
        manifest::ResourceTypeFromName(words[i]);
    const ResourceTypes several = TypesOfWord(words[i]);
    if (!type.has_value() && several.none()) {
      return NoType("selection.resource_types", i, words[i],
                    ", or all or default");
    }
    types |= several;
    if (type.has_value()) types.set(static_cast<size_t>(*type));
  }
  return types;
}

absl::StatusOr<ResourceTypes> ExcludedTypes(
    const std::vector<std::string>& words) {
  ResourceTypes types;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::optional<ResourceType> type =
        manifest::ResourceTypeFromName(words[i]);
    if (!type.has_value()) {
      return NoType("selection.exclude_resource_types", i, words[i], "");
    }
    types.set(static_cast<size_t>(*type));
  }
  return types;
}

// A node that dbt has nothing to run for: its text is blank.
bool IsEmpty(const manifest::Node& node) {
  switch (node.type) {
    case ResourceType::kModel:
    case ResourceType::kTest:
    case ResourceType::kSnapshot:
    case ResourceType::kAnalysis:
    case ResourceType::kOperation:
    case ResourceType::kSqlOperation:
      return node.body_is_blank;
    default:
      return false;
  }
}

}  // namespace

bool KeptNodes::Has(const manifest::Node& node) const {
  return types[static_cast<size_t>(node.type)] &&
         (keep_empty || !IsEmpty(node));
}

absl::StatusOr<KeptNodes> KeptNodesOf(const SelectionRequest& request) {
  ResourceTypes kept = SetOf(CommandResourceTypes("ls"));
  if (!request.resource_types.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(kept, KeptTypes(request.resource_types));
  }
  DOPPEL_ASSIGN_OR_RETURN(const ResourceTypes excluded,
                          ExcludedTypes(request.exclude_resource_types));
  kept &= ~excluded;
  const DbtVersion dbt = DbtVersionOf(request.dbt_version);
  if (kept == SetOf({ResourceType::kTest}) && dbt >= DbtVersion{1, 8, 0} &&
      dbt < DbtVersion{1, 9, 0}) {  // it lists unit tests with the others
    kept.set(static_cast<size_t>(ResourceType::kUnitTest));
  }
  return KeptNodes{kept, request.keep_empty_nodes};
}

std::vector<ResourceType> CommandResourceTypes(absl::string_view command) {
  using enum ResourceType;
  if (command == "run") return {kModel};
  if (command == "seed") return {kSeed};
  if (command == "snapshot") return {kSnapshot};
  if (command == "test") return {kTest, kUnitTest};
  if (command == "clone") return {kModel, kSeed, kSnapshot};
  if (command == "build") {
    return {kModel,    kSnapshot,   kSeed,     kTest,
            kUnitTest, kSavedQuery, kExposure, kFunction};
  }
  if (command == "compile") {
    return {kModel,     kTest, kSnapshot,     kAnalysis,
            kOperation, kSeed, kSqlOperation, kFunction};
  }
  std::vector<ResourceType> listed = {
      kModel,  kSnapshot,   kSeed,          kTest,     kSource,  kExposure,
      kMetric, kSavedQuery, kSemanticModel, kUnitTest, kFunction};
  if (command == "ls") return listed;
  listed.insert(listed.end(), {kAnalysis, kOperation, kSqlOperation});
  return listed;
}

}  // namespace doppel::selection

#include "service/selection/resource_types.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
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

absl::StatusOr<ResourceTypes> ParseTypes(const std::vector<std::string>& words,
                                         absl::string_view field) {
  ResourceTypes types;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string word = absl::AsciiStrToLower(words[i]);
    if (word == "default" || word == "all") {
      types |= SetOf(CommandResourceTypes("ls"));
      if (word == "all")
        types.set(static_cast<size_t>(ResourceType::kAnalysis));
      continue;
    }
    const std::optional<ResourceType> type =
        manifest::ResourceTypeFromName(word);
    if (!type.has_value()) {
      const std::string where = absl::StrCat(field, "[", i, "]");
      const std::string message = absl::StrCat(
          "\"", words[i],
          "\" is no resource type; expected one such as model, "
          "seed, snapshot, test, source, exposure, all or default");
      return Error(absl::StatusCode::kInvalidArgument,
                   Reason::kSelectionInvalidValue,
                   absl::StrCat(where, ": ", message))
          .With("value", words[i])
          .Field(where, message);
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
    DOPPEL_ASSIGN_OR_RETURN(
        kept, ParseTypes(request.resource_types, "selection.resource_types"));
  }
  DOPPEL_ASSIGN_OR_RETURN(const ResourceTypes excluded,
                          ParseTypes(request.exclude_resource_types,
                                     "selection.exclude_resource_types"));
  return KeptNodes{kept & ~excluded, request.keep_empty_nodes};
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

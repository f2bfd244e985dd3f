#include "service/selection/methods.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/manifest/manifest.h"
#include "service/selection/criterion_parser.h"
#include "service/selection/matchers.h"
#include "service/selection/wildcard.h"
#include "service/state/comparison.h"

namespace doppel::selection {
namespace {

using manifest::Manifest;
using manifest::Node;
using manifest::NodeId;
using manifest::ResourceType;

using Found = absl::StatusOr<NodeSet>;

struct Inputs : SelectionInputs {
  DbtVersion dbt;
};

// The enabled nodes for which matches(node) holds.
template <typename Matches>
NodeSet Filter(const Inputs& inputs, Matches matches) {
  const Manifest& manifest = *inputs.current;
  NodeSet found(manifest.node_count());
  for (NodeId id = 0; id < manifest.node_count(); ++id) {
    const Node& node = manifest.node(id);
    if (node.enabled && matches(node)) found.Add(id);
  }
  return found;
}

// Whether dbt's `all_nodes` has it: saved queries came later than their method.
bool IsAmongAll(const Node& node, const Inputs& inputs) {
  return node.type != ResourceType::kSavedQuery ||
         inputs.dbt >= DbtVersion{1, 9, 0};
}

// Of dbt's `all_nodes`.
template <typename Matches>
NodeSet FilterAll(const Inputs& inputs, Matches matches) {
  return Filter(inputs, [&](const Node& node) {
    return IsAmongAll(node, inputs) && matches(node);
  });
}

Error InvalidValue(const Criterion& criterion, absl::string_view expected) {
  return SelectionError(Reason::kSelectionInvalidValue, criterion.origin,
                        absl::StrCat("invalid value \"", criterion.value,
                                     "\" of ", MethodName(criterion.method),
                                     ": expected ", expected))
      .With("value", criterion.value);
}

Found MatchFqn(const Criterion& criterion, const Inputs& inputs) {
  const FqnMatcher matcher(criterion.value, inputs.dbt);
  return Filter(inputs, [&matcher](const Node& node) {
    return node.type != ResourceType::kSource && matcher.Matches(node);
  });
}

Found MatchTag(const Criterion& criterion, const Inputs& inputs) {
  const Wildcard wildcard(criterion.value);
  return FilterAll(inputs, [&wildcard](const Node& node) {
    for (const absl::string_view tag : node.tags) {
      if (wildcard.Matches(tag)) return true;
    }
    return false;
  });
}

// What the manifest's `nodes` map holds.
bool IsParsedNode(const Node& node) {
  switch (node.type) {
    case ResourceType::kSource:
    case ResourceType::kExposure:
    case ResourceType::kMetric:
    case ResourceType::kSemanticModel:
    case ResourceType::kSavedQuery:
    case ResourceType::kUnitTest:
    case ResourceType::kFunction:
      return false;
    default:
      return true;
  }
}

Found MatchGroup(const Criterion& criterion, const Inputs& inputs) {
  const Wildcard wildcard(criterion.value);
  const bool exactly = inputs.dbt < DbtVersion{1, 8, 0};
  return Filter(inputs, [&](const Node& node) {
    if (!IsParsedNode(node) && node.type != ResourceType::kMetric) return false;
    const manifest::JsonValue* const group =
        node.config == nullptr ? nullptr : node.config->Find("group");
    return group != nullptr && group->is_string() &&
           !group->string_value().empty() &&
           (exactly ? group->string_value() == criterion.value
                    : wildcard.Matches(group->string_value()));
  });
}

Found MatchAccess(const Criterion& criterion, const Inputs& inputs) {
  return Filter(inputs, [&criterion](const Node& node) {
    return node.type == ResourceType::kModel && node.access == criterion.value;
  });
}

Found MatchSource(const Criterion& criterion, const Inputs& inputs) {
  const std::vector<std::string> parts = absl::StrSplit(criterion.value, '.');
  if (parts.size() > 3) {
    return InvalidValue(criterion,
                        "a source, source.table or package.source.table");
  }
  const bool has_package = parts.size() == 3;
  const Wildcard package(has_package ? parts[0] : "*");
  const Wildcard source(parts[has_package ? 1 : 0]);
  const Wildcard table(parts.size() > 1 ? parts.back() : "*");
  return Filter(inputs, [&](const Node& node) {
    return node.type == ResourceType::kSource &&
           package.Matches(node.package_name) &&
           source.Matches(node.source_name) && table.Matches(node.name);
  });
}

// exposure:, metric: and their like: a name, or package.name.
template <ResourceType kType>
Found MatchNamed(const Criterion& criterion, const Inputs& inputs) {
  const std::vector<std::string> parts = absl::StrSplit(criterion.value, '.');
  if (parts.size() > 2) {
    return InvalidValue(criterion, "a name or package.name");
  }
  const Wildcard package(parts.size() == 2 ? parts[0] : "*");
  const Wildcard name(parts.back());
  return Filter(inputs, [&](const Node& node) {
    return node.type == kType && package.Matches(node.package_name) &&
           name.Matches(node.name);
  });
}

Found MatchPath(const Criterion& criterion, const Inputs& inputs) {
  DOPPEL_ASSIGN_OR_RETURN(const PathMatcher matcher,
                          PathMatcher::Make(criterion, *inputs.current));
  return FilterAll(
      inputs, [&matcher](const Node& node) { return matcher.Matches(node); });
}

Found MatchFile(const Criterion& criterion, const Inputs& inputs) {
  const Wildcard wildcard(criterion.value);
  return FilterAll(inputs, [&wildcard](const Node& node) {
    absl::string_view file = node.original_file_path;
    const size_t slash = file.find_last_of("/\\");
    if (slash != absl::string_view::npos) file.remove_prefix(slash + 1);
    if (wildcard.Matches(file)) return true;
    const size_t dot = file.rfind('.');
    // What begins or ends with its only dot has no suffix.
    return dot != absl::string_view::npos && dot > 0 && dot + 1 < file.size() &&
           wildcard.Matches(file.substr(0, dot));
  });
}

Found MatchPackage(const Criterion& criterion, const Inputs& inputs) {
  const absl::string_view project = inputs.current->metadata().project_name;
  const bool is_this = criterion.value == "this" && !project.empty() &&
                       inputs.dbt >= DbtVersion{1, 8, 0};
  const Wildcard wildcard(is_this ? project
                                  : absl::string_view(criterion.value));
  return FilterAll(inputs, [&wildcard](const Node& node) {
    return wildcard.Matches(node.package_name);
  });
}

Found MatchConfig(const Criterion& criterion, const Inputs& inputs) {
  return Filter(inputs, [&criterion](const Node& node) {
    return (IsParsedNode(node) || node.type == ResourceType::kSource) &&
           MatchesConfig(criterion, node);
  });
}

// dbt's types that a manifest has no vertices of.
bool IsOtherType(absl::string_view name) {
  for (const absl::string_view other :
       {"rpc", "doc", "macro", "group", "fixture"}) {
    if (name == other) return true;
  }
  return false;
}

// The first dbt that has it.
DbtVersion Since(ResourceType type) {
  if (type == ResourceType::kFunction) return {1, 11, 0};
  if (type == ResourceType::kUnitTest) return {1, 8, 0};
  return {0, 0, 0};
}

Found MatchResourceType(const Criterion& criterion, const Inputs& inputs) {
  const std::optional<ResourceType> type =
      manifest::ResourceTypeFromName(criterion.value);
  if (type.has_value() && inputs.dbt < Since(*type)) {
    return InvalidValue(criterion, "a resource type of that dbt");
  }
  if (!type.has_value() && !IsOtherType(criterion.value)) {
    return InvalidValue(criterion, "a resource type, such as model or test");
  }
  return FilterAll(inputs,
                   [&type](const Node& node) { return node.type == type; });
}

Found MatchTestName(const Criterion& criterion, const Inputs& inputs) {
  const Wildcard wildcard(criterion.value);
  return Filter(inputs, [&wildcard](const Node& node) {
    if (node.type == ResourceType::kUnitTest)
      return wildcard.Matches(node.name);
    return node.type == ResourceType::kTest && node.is_generic_test &&
           wildcard.Matches(node.test_name);
  });
}

// The kinds of tests that a value means; none for what dbt does not know.
struct TestKinds {
  bool generic = false;
  bool singular = false;
  bool unit = false;
};

TestKinds TestKindsOf(const std::string& value, DbtVersion dbt) {
  if (value == "generic" || value == "schema") return {.generic = true};
  if (dbt < DbtVersion{1, 8, 0}) {
    return {.singular = value == "singular" || value == "data"};
  }
  // dbt asks whether the value is a part of the word.
  if (absl::StrContains("data", value)) {
    return {.generic = true, .singular = true};
  }
  if (absl::StrContains("singular", value)) return {.singular = true};
  return {.unit = absl::StrContains("unit", value)};
}

Found MatchTestType(const Criterion& criterion, const Inputs& inputs) {
  const TestKinds kinds = TestKindsOf(criterion.value, inputs.dbt);
  if (!kinds.generic && !kinds.singular && !kinds.unit) {
    return InvalidValue(criterion,
                        "\"generic\", \"singular\", \"unit\" or \"data\"");
  }
  return Filter(inputs, [kinds](const Node& node) {
    if (node.type == ResourceType::kUnitTest) return kinds.unit;
    return node.type == ResourceType::kTest &&
           (node.is_generic_test ? kinds.generic : kinds.singular);
  });
}

Found MatchState(const Criterion& criterion, const Inputs& inputs) {
  if (inputs.state == nullptr) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kStateManifestRequired,
                 absl::StrCat("Got a state selector method, but no comparison "
                              "manifest: ",
                              criterion.origin.field, ", column ",
                              criterion.origin.column,
                              ", needs the older manifest as state"))
        .With("field", criterion.origin.field)
        .With("column", criterion.origin.column)
        .Precondition("MANIFEST", "state", "name the older manifest");
  }
  const std::optional<state::StateValue> value =
      state::StateValueFromName(criterion.value);
  if (!value.has_value()) {
    return InvalidValue(
        criterion,
        "new, old, modified, unmodified, modified.body, modified.configs, "
        "modified.persisted_descriptions, modified.relation, modified.macros "
        "or modified.contract");
  }
  DOPPEL_RETURN_IF_ERROR(inputs.state->ErrorFor(*value));
  const Manifest& manifest = *inputs.current;
  NodeSet found(manifest.node_count());
  for (NodeId id = 0; id < manifest.node_count(); ++id) {
    const Node& node = manifest.node(id);
    if (node.enabled && IsAmongAll(node, inputs) &&
        inputs.state->Matches(id, *value)) {
      found.Add(id);
    }
  }
  return found;
}

Found MatchResult(const Criterion& criterion, const Inputs& inputs) {
  if (inputs.run_results == nullptr) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kRunResultsRequired,
                 absl::StrCat(
                     "No comparison run_results: ", criterion.origin.field,
                     ", column ", criterion.origin.column,
                     ", needs a run_results.json"))
        .With("field", criterion.origin.field)
        .With("column", criterion.origin.column);
  }
  const Manifest& manifest = *inputs.current;
  NodeSet found(manifest.node_count());
  for (const auto& [unique_id, status] : inputs.run_results->statuses) {
    const std::optional<NodeId> id = manifest.Find(unique_id);
    if (status == criterion.value && id.has_value() &&
        manifest.node(*id).enabled && IsAmongAll(manifest.node(*id), inputs)) {
      found.Add(*id);
    }
  }
  return found;
}

// Whether one time is later than the other. Fractions of a second may be
// missing, and so may the zone, which is then UTC.
bool IsLater(absl::string_view a, absl::string_view b) {
  const auto time_of = [](absl::string_view text) {
    absl::Time time;
    std::string error;
    for (const char* format :
         {"%Y-%m-%d%ET%H:%M:%E*S%Ez", "%Y-%m-%d%ET%H:%M:%E*S"}) {
      if (absl::ParseTime(format, text, &time, &error)) return time;
    }
    return absl::InfinitePast();
  };
  const absl::Time time_a = time_of(a);
  const absl::Time time_b = time_of(b);
  // What is no time still has an order.
  return time_a == time_b ? a > b && time_a == absl::InfinitePast()
                          : time_a > time_b;
}

Found MatchSourceStatus(const Criterion& criterion, const Inputs& inputs) {
  if (inputs.source_freshness == nullptr) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kSourceFreshnessRequired,
                 absl::StrCat("No previous state comparison freshness results "
                              "in sources.json: ",
                              criterion.origin.field, ", column ",
                              criterion.origin.column,
                              ", needs the older and the current sources.json"))
        .With("field", criterion.origin.field)
        .With("column", criterion.origin.column);
  }
  const SourceFreshness& freshness = *inputs.source_freshness;
  const Manifest& manifest = *inputs.current;
  NodeSet found(manifest.node_count());
  if (criterion.value != "fresher") return found;
  for (const auto& [unique_id, loaded_at] : freshness.current) {
    const auto older = freshness.older.find(unique_id);
    const std::optional<NodeId> id = manifest.Find(unique_id);
    if (id.has_value() && manifest.node(*id).enabled &&
        (older == freshness.older.end() || IsLater(loaded_at, older->second))) {
      found.Add(*id);
    }
  }
  return found;
}

Found MatchVersion(const Criterion& criterion, const Inputs& inputs) {
  constexpr std::pair<absl::string_view, VersionWord> kWords[] = {
      {"latest", VersionWord::kLatest},
      {"prerelease", VersionWord::kPrerelease},
      {"old", VersionWord::kOld},
      {"none", VersionWord::kNone},
  };
  for (const auto& [name, word] : kWords) {
    if (name != criterion.value) continue;
    return Filter(inputs, [word = word](const Node& node) {
      return MatchesVersion(word, node);
    });
  }
  return InvalidValue(criterion,
                      "\"latest\", \"prerelease\", \"old\" or \"none\"");
}

// Whether the method takes YAML's numbers and truths, and not text alone.
bool TakesAnyValue(Method method) {
  return method == Method::kConfig || method == Method::kAccess ||
         method == Method::kResult || method == Method::kSourceStatus;
}

}  // namespace

absl::StatusOr<NodeSet> MatchMethod(const Criterion& criterion,
                                    const SelectionInputs& inputs,
                                    DbtVersion dbt) {
  using Match = Found (*)(const Criterion&, const Inputs&);
  // In the order of the enum; the Evaluator keeps `selector` from here.
  constexpr Match kMatches[] = {
      &MatchFqn,
      &MatchTag,
      &MatchGroup,
      &MatchAccess,
      &MatchSource,
      &MatchNamed<ResourceType::kExposure>,
      &MatchNamed<ResourceType::kMetric>,
      &MatchNamed<ResourceType::kSemanticModel>,
      &MatchNamed<ResourceType::kSavedQuery>,
      &MatchNamed<ResourceType::kUnitTest>,
      &MatchPath,
      &MatchFile,
      &MatchPackage,
      &MatchConfig,
      &MatchResourceType,
      &MatchTestName,
      &MatchTestType,
      &MatchState,
      &MatchResult,
      &MatchSourceStatus,
      &MatchVersion,
  };
  const auto index = static_cast<size_t>(criterion.method);
  DOPPEL_RET_CHECK(index < std::size(kMatches));
  if (criterion.typed_value != nullptr && !TakesAnyValue(criterion.method)) {
    return InvalidValue(criterion, "a text");
  }
  return kMatches[index](criterion, Inputs{inputs, dbt});
}

}  // namespace doppel::selection

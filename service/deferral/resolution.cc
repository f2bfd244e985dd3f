#include "service/deferral/resolution.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/deferral/node_usage.h"
#include "service/manifest/relation_of.h"

namespace doppel::deferral {
namespace {

using manifest::Node;

}  // namespace

absl::string_view RuleName(Rule rule) {
  switch (rule) {
    case Rule::kEphemeral:
      return "ephemeral";
    case Rule::kSourceDefinition:
      return "source_definition";
    case Rule::kNotInSources:
      return "not_in_sources";
    case Rule::kBuiltByThisRun:
      return "built_by_this_run";
    case Rule::kFavorState:
      return "favor_state";
    case Rule::kMissingInTarget:
      return "missing_in_target";
    case Rule::kExistsInTarget:
      return "exists_in_target";
    case Rule::kSelected:
      return "selected";
    case Rule::kNotDeferred:
      return "not_deferred";
    case Rule::kForeignKey:
      return "foreign_key";
  }
  return "";
}

absl::string_view UsageName(Usage usage) {
  switch (usage) {
    case Usage::kCode:
      return "code";
    case Usage::kHook:
      return "hook";
    case Usage::kForeignKey:
      return "foreign_key";
    case Usage::kFixture:
      return "fixture";
  }
  return "";
}

absl::string_view OriginName(Origin origin) {
  switch (origin) {
    case Origin::kTarget:
      return "target";
    case Origin::kSource:
      return "source";
    case Origin::kInlined:
      return "inlined";
  }
  return "";
}

std::optional<RelationName> Resolution::RelationOf(
    const RefResolution& ref) const {
  switch (ref.origin) {
    case Origin::kInlined:
      return std::nullopt;
    case Origin::kSource: {
      const Node& node =
          inputs_.sources[ref.source].manifest->node(ref.source_node);
      RelationName name = manifest::RelationOf(node);
      if (node.type == manifest::ResourceType::kFunction &&
          !inputs_.rules.knows_function_aliases) {
        name.identifier = std::string(node.name);
      }
      return name;
    }
    case Origin::kTarget:
      break;
  }
  return manifest::RelationOf(inputs_.current->node(ref.node));
}

std::string Resolution::Render(const RelationName& name) const {
  return inputs_.dialect->Render(name, inputs_.quoting);
}

dialect::Quoting Resolution::QuotingFor(const RefResolution& ref) const {
  switch (inputs_.current->node(ref.node).type) {
    case manifest::ResourceType::kSource:
      // A fixture stands under the source's name, but is a model. The project's
      // quoting counts for no other source, but for those of foreign keys, and
      // in dbt 1.8.
      if (ref.usage == Usage::kFixture) return inputs_.quoting;
      return SourceQuoting(*inputs_.current, ref.node,
                           ref.usage == Usage::kForeignKey ||
                                   inputs_.rules.quotes_sources_as_project
                               ? inputs_.quoting
                               : inputs_.dialect->default_quoting());
    case manifest::ResourceType::kFunction:
      return inputs_.dialect->default_quoting();
    default:
      return inputs_.quoting;
  }
}

std::string Resolution::Render(const RefResolution& ref) const {
  const std::optional<RelationName> name = RelationOf(ref);
  if (!name.has_value()) return "";
  return inputs_.dialect->Render(*name, QuotingFor(ref));
}

std::string Resolution::Explain(const RefResolution& ref) const {
  const Node& node = inputs_.current->node(ref.node);
  const auto target = [&] {
    return inputs_.dialect->Render(manifest::RelationOf(node), QuotingFor(ref));
  };
  const auto borrowed = [&] {
    return absl::StrCat(inputs_.sources[ref.source].label, " has it as ",
                        Render(ref));
  };
  const std::string through =
      ref.through == kNoNode
          ? ""
          : absl::StrCat(" (read by the inlined ",
                         inputs_.current->node(ref.through).unique_id, ")");
  switch (ref.rule) {
    case Rule::kEphemeral:
      return absl::StrCat(node.unique_id, " is ephemeral: its code is inlined",
                          through);
    case Rule::kSourceDefinition:
      return absl::StrCat("sources are never deferred: ", target(), through);
    case Rule::kNotInSources:
      return absl::StrCat("no source has a relation to serve for ",
                          node.unique_id, ": the target's ", target(), through);
    case Rule::kBuiltByThisRun:
      return absl::StrCat("this run builds ", target(), " first", through);
    case Rule::kFavorState:
      return absl::StrCat("favor state, and ", node.unique_id,
                          " is not selected: ", borrowed(), through);
    case Rule::kMissingInTarget:
      return absl::StrCat("the target has no ", target(), ": ", borrowed(),
                          through);
    case Rule::kExistsInTarget:
      return absl::StrCat("the target has ", target(), through);
    case Rule::kSelected:
      return absl::StrCat(
          "dbt ", inputs_.rules.version, " never defers a ",
          ref.usage == Usage::kForeignKey ? "foreign key to a " : "",
          "selected node: the target's ", target(), through);
    case Rule::kNotDeferred:
      return absl::StrCat(
          "dbt ", inputs_.rules.version, " never defers ",
          ref.usage == Usage::kForeignKey ? "foreign keys" : "functions",
          ": the target's ", target(), through);
    case Rule::kForeignKey:
      return absl::StrCat("a foreign key, which dbt ", inputs_.rules.version,
                          " defers whether the target has ", target(),
                          " or not: ", borrowed());
  }
  return "";
}

std::vector<Considered> Resolution::ConsideredFor(
    const RefResolution& ref) const {
  std::vector<Considered> considered;
  const Node& named = inputs_.current->node(ref.node);
  if (ref.rule == Rule::kSourceDefinition || ref.rule == Rule::kSelected ||
      ref.rule == Rule::kNotDeferred ||
      (ref.rule == Rule::kEphemeral && !inputs_.rules.replaces_nodes)) {
    return considered;
  }
  for (size_t i = 0; i < inputs_.sources.size(); ++i) {
    const DeferSource& source = inputs_.sources[i];
    const auto node = source.manifest->Find(named.unique_id);
    if (!node.has_value()) {
      considered.push_back({i, Outcome::kAbsent, kNoNode});
      continue;
    }
    if (!MayServe(source, *node)) {
      considered.push_back({i, Outcome::kMayNotServe, *node});
      continue;
    }
    if (!IsServable(source.manifest->node(*node))) {
      considered.push_back({i, Outcome::kEphemeral, *node});
      continue;
    }
    const bool is_chosen = ref.origin == Origin::kSource && ref.source == i;
    considered.push_back(
        {i, is_chosen ? Outcome::kChosen : Outcome::kNotNeeded, *node});
    if (is_chosen) break;
  }
  return considered;
}

}  // namespace doppel::deferral

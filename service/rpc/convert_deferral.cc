#include "service/rpc/convert_deferral.h"

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "doppel/v1/deferral.pb.h"
#include "service/base/error.h"
#include "service/manifest/relation_of.h"
#include "service/rpc/convert_manifest.h"

namespace doppel::rpc {
namespace {

using deferral::RefResolution;
using deferral::Resolution;

v1::RefOrigin ToOrigin(deferral::Origin origin) {
  switch (origin) {
    case deferral::Origin::kTarget:
      return v1::REF_ORIGIN_TARGET;
    case deferral::Origin::kSource:
      return v1::REF_ORIGIN_SOURCE;
    case deferral::Origin::kInlined:
      return v1::REF_ORIGIN_INLINED;
  }
  return v1::REF_ORIGIN_UNSPECIFIED;
}

v1::RefRule ToRule(deferral::Rule rule) {
  switch (rule) {
    case deferral::Rule::kEphemeral:
      return v1::REF_RULE_EPHEMERAL;
    case deferral::Rule::kSourceDefinition:
      return v1::REF_RULE_SOURCE_DEFINITION;
    case deferral::Rule::kNotInSources:
      return v1::REF_RULE_NOT_IN_SOURCES;
    case deferral::Rule::kBuiltByThisRun:
      return v1::REF_RULE_BUILT_BY_THIS_RUN;
    case deferral::Rule::kFavorState:
      return v1::REF_RULE_FAVOR_STATE;
    case deferral::Rule::kMissingInTarget:
      return v1::REF_RULE_MISSING_IN_TARGET;
    case deferral::Rule::kExistsInTarget:
      return v1::REF_RULE_EXISTS_IN_TARGET;
    case deferral::Rule::kSelected:
      return v1::REF_RULE_SELECTED;
    case deferral::Rule::kNotDeferred:
      return v1::REF_RULE_NOT_DEFERRED;
    case deferral::Rule::kForeignKey:
      return v1::REF_RULE_FOREIGN_KEY;
  }
  return v1::REF_RULE_UNSPECIFIED;
}

v1::RefUsage ToUsage(deferral::Usage usage) {
  switch (usage) {
    case deferral::Usage::kCode:
      return v1::REF_USAGE_CODE;
    case deferral::Usage::kHook:
      return v1::REF_USAGE_HOOK;
    case deferral::Usage::kForeignKey:
      return v1::REF_USAGE_FOREIGN_KEY;
    case deferral::Usage::kFixture:
      return v1::REF_USAGE_FIXTURE;
  }
  return v1::REF_USAGE_UNSPECIFIED;
}

v1::ConsideredOutcome ToOutcome(deferral::Outcome outcome) {
  switch (outcome) {
    case deferral::Outcome::kChosen:
      return v1::CONSIDERED_OUTCOME_CHOSEN;
    case deferral::Outcome::kAbsent:
      return v1::CONSIDERED_OUTCOME_ABSENT;
    case deferral::Outcome::kMayNotServe:
      return v1::CONSIDERED_OUTCOME_MAY_NOT_SERVE;
    case deferral::Outcome::kEphemeral:
      return v1::CONSIDERED_OUTCOME_EPHEMERAL;
    case deferral::Outcome::kNotNeeded:
      return v1::CONSIDERED_OUTCOME_NOT_NEEDED;
  }
  return v1::CONSIDERED_OUTCOME_UNSPECIFIED;
}

v1::Relation ToRelation(const Resolution& resolution,
                        const RelationName& name) {
  return ToProto(name, RelationKind::kUnknown,
                 {resolution.inputs().dialect, resolution.inputs().quoting});
}

v1::ConsideredSource ToConsidered(const Resolution& resolution,
                                  const deferral::Considered& considered) {
  const deferral::DeferSource& source =
      resolution.inputs().sources[considered.source];
  v1::ConsideredSource out;
  out.set_source(source.label);
  out.set_outcome(ToOutcome(considered.outcome));
  if (considered.node != deferral::kNoNode) {
    const manifest::Node& node = source.manifest->node(considered.node);
    if (manifest::HasRelation(node)) {
      *out.mutable_relation() =
          ToRelation(resolution, manifest::RelationOf(node));
    }
  }
  return out;
}

v1::RefResolution ToRef(const Resolution& resolution,
                        const RefResolution& ref) {
  const manifest::Manifest& current = *resolution.inputs().current;
  v1::RefResolution out;
  out.set_unique_id(std::string(current.node(ref.node).unique_id));
  out.set_origin(ToOrigin(ref.origin));
  if (const auto name = resolution.RelationOf(ref); name.has_value()) {
    *out.mutable_relation() =
        ToProto(*name, RelationKind::kUnknown,
                {resolution.inputs().dialect, resolution.QuotingFor(ref)});
  }
  if (ref.source != deferral::kNoSource &&
      ref.origin == deferral::Origin::kSource) {
    out.set_from(resolution.inputs().sources[ref.source].label);
  }
  out.set_rule(ToRule(ref.rule));
  out.set_usage(ToUsage(ref.usage));
  out.set_explanation(resolution.Explain(ref));
  for (const deferral::Considered& considered : resolution.ConsideredFor(ref)) {
    *out.add_considered() = ToConsidered(resolution, considered);
  }
  if (ref.through != deferral::kNoNode) {
    out.set_through(std::string(current.node(ref.through).unique_id));
  }
  return out;
}

void FillSummary(const deferral::DeferralSummary& summary,
                 v1::DeferralSummary* out) {
  out->set_selected_nodes(summary.selected_nodes);
  out->set_refs(summary.refs);
  out->set_deferred_refs(summary.deferred_refs);
  out->set_target_refs(summary.target_refs);
  out->set_inlined_refs(summary.inlined_refs);
  out->set_borrowed_relations(summary.borrowed_relations);
  out->set_unresolved_refs(summary.unresolved_refs);
}

}  // namespace

absl::StatusOr<deferral::Command> FromProto(v1::DbtCommand command) {
  switch (command) {
    case v1::DBT_COMMAND_UNSPECIFIED:
    case v1::DBT_COMMAND_BUILD:
      return deferral::Command::kBuild;
    case v1::DBT_COMMAND_RUN:
      return deferral::Command::kRun;
    case v1::DBT_COMMAND_TEST:
      return deferral::Command::kTest;
    case v1::DBT_COMMAND_SEED:
      return deferral::Command::kSeed;
    case v1::DBT_COMMAND_SNAPSHOT:
      return deferral::Command::kSnapshot;
    case v1::DBT_COMMAND_COMPILE:
      return deferral::Command::kCompile;
    default:
      return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
                   absl::StrCat("command: ", command, " is no DbtCommand"))
          .With("value", command)
          .Field("command", "no such value");
  }
}

v1::NodeResolution ToProto(const Resolution& resolution, size_t index) {
  const manifest::Node& node =
      resolution.inputs().current->node(resolution.node(index));
  v1::NodeResolution out;
  out.set_unique_id(std::string(node.unique_id));
  out.set_resource_type(std::string(manifest::ResourceTypeName(node.type)));
  if (manifest::HasRelation(node)) {
    *out.mutable_relation() =
        ToRelation(resolution, manifest::RelationOf(node));
  }
  for (const RefResolution& ref : resolution.refs(index)) {
    *out.add_refs() = ToRef(resolution, ref);
  }
  return out;
}

v1::DeferResolution ToBasicProto(const Resolution& resolution) {
  const deferral::ResolveInputs& inputs = resolution.inputs();
  v1::DeferResolution out;
  out.set_manifest(absl::StrCat("manifests/", inputs.current->digest()));
  for (size_t i = 0; i < inputs.sources.size(); ++i) {
    const deferral::DeferSource& source = inputs.sources[i];
    v1::ResolvedSource* const added = out.add_sources();
    if (absl::StartsWith(source.label, "environments/")) {
      added->set_environment(source.label);
    }
    added->set_manifest(absl::StrCat("manifests/", source.manifest->digest()));
    added->set_servable_nodes(
        static_cast<int32_t>(deferral::ServableNodes(source)));
    added->set_served_refs(resolution.served_refs()[i]);
  }
  FillSummary(resolution.summary(), out.mutable_summary());
  ToProto(resolution.warnings(), out.mutable_warnings());
  out.set_dbt_rules(inputs.rules.version);
  return out;
}

}  // namespace doppel::rpc

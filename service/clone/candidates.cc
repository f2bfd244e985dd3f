#include "service/clone/candidates.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "service/base/status_macros.h"
#include "service/clone/naming.h"
#include "service/clone/target_names.h"
#include "service/clone/time_travel.h"
#include "service/manifest/json_value.h"
#include "service/manifest/relation_of.h"

namespace doppel::clone {
namespace {

using manifest::JsonValue;
using manifest::Manifest;
using manifest::Node;

bool Flag(const Node& node, absl::string_view key, bool otherwise) {
  const JsonValue* value =
      node.config == nullptr ? nullptr : node.config->Find(key);
  if (value == nullptr || value->is_null()) return otherwise;
  return value->Truthy();
}

std::string Word(const Node& node, absl::string_view key) {
  const JsonValue* value =
      node.config == nullptr ? nullptr : node.config->Find(key);
  if (value == nullptr || !value->is_string()) return "";
  return absl::AsciiStrToLower(value->string_value());
}

dialect::TableOptions OptionsOf(const Node& node) {
  dialect::TableOptions options;
  options.transient = Flag(node, "transient", true);
  options.copy_grants = Flag(node, "copy_grants", false);
  options.copy_tags = Flag(node, "copy_tags", false);
  options.file_format = Word(node, "file_format");
  options.engine = Word(node, "engine");
  options.table_format = Word(node, "table_format");
  options.retention = RetentionOf(node);
  return options;
}

// The quoting that the node's relation_name shows, where it is one of the ways
// to write its name; else the project's.
dialect::Quoting QuotingOf(const Node& node, const CloneInputs& inputs) {
  if (!node.relation_name.has_value() || node.relation_name->empty()) {
    return inputs.source_quoting;
  }
  const RelationName name = manifest::RelationOf(node);
  if (inputs.dialect->Render(name, inputs.source_quoting) ==
      *node.relation_name) {
    return inputs.source_quoting;
  }
  for (int bits = 7; bits >= 0; --bits) {
    const dialect::Quoting quoting = {(bits & 1) != 0, (bits & 2) != 0,
                                      (bits & 4) != 0};
    if (inputs.dialect->Render(name, quoting) == *node.relation_name) {
      return quoting;
    }
  }
  return inputs.source_quoting;
}

void SetSource(const Node& node, const CloneInputs& inputs,
               Candidate* candidate) {
  candidate->source = NameIn(inputs, node);
  candidate->source_quoting = QuotingOf(node, inputs);
  candidate->source_options = OptionsOf(node);
  // dbt makes the tables of seeds without asking for transient ones.
  if (node.type == manifest::ResourceType::kSeed) {
    candidate->source_options.transient = Flag(node, "transient", false);
  }
}

Candidate OfManifest(const Node& node, const CloneInputs& inputs) {
  Candidate candidate;
  candidate.unique_id = node.unique_id;
  candidate.options = OptionsOf(node);
  if (manifest::IsEphemeral(node)) {
    candidate.skip = OperationReason::kEphemeral;
    return candidate;
  }
  candidate.target = NameIn(inputs, node);
  const auto counterpart = inputs.source->Find(node.unique_id);
  if (!counterpart.has_value() ||
      manifest::IsEphemeral(inputs.source->node(*counterpart))) {
    candidate.skip = OperationReason::kNotInSource;
    return candidate;
  }
  SetSource(inputs.source->node(*counterpart), inputs, &candidate);
  return candidate;
}

Candidate OfNaming(const Node& node, const CloneInputs& inputs,
                   const Naming& naming) {
  Candidate candidate;
  candidate.unique_id = node.unique_id;
  candidate.options = OptionsOf(node);
  if (manifest::IsEphemeral(node)) {
    candidate.skip = OperationReason::kEphemeral;
    return candidate;
  }
  SetSource(node, inputs, &candidate);
  candidate.target = naming.NameFor(*candidate.source);
  if (!candidate.target.has_value()) {
    candidate.skip = OperationReason::kNoNamingRule;
  }
  return candidate;
}

}  // namespace

RelationName SourceKey(const CloneInputs& inputs, const Candidate& candidate) {
  return inputs.dialect->CatalogKey(*candidate.source,
                                    candidate.source_quoting);
}

RelationName TargetKey(const CloneInputs& inputs, const Candidate& candidate) {
  return inputs.dialect->CatalogKey(*candidate.target, inputs.target_quoting);
}

absl::StatusOr<std::vector<Candidate>> CandidatesOf(const CloneInputs& inputs) {
  const Manifest& selected_from =
      inputs.target != nullptr ? *inputs.target : *inputs.source;
  std::optional<Naming> naming;
  if (inputs.target == nullptr) {
    DOPPEL_ASSIGN_OR_RETURN(naming, Naming::Make(inputs.rules));
  }
  std::vector<Candidate> candidates;
  candidates.reserve(inputs.selected.size());
  for (const manifest::NodeId id : inputs.selected) {
    const Node& node = selected_from.node(id);
    if (!manifest::IsRefable(node.type)) continue;
    candidates.push_back(naming.has_value() ? OfNaming(node, inputs, *naming)
                                            : OfManifest(node, inputs));
  }
  return candidates;
}

}  // namespace doppel::clone

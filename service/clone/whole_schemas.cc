#include "service/clone/whole_schemas.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "service/base/catalog.h"

namespace doppel::clone {
namespace {

constexpr dialect::Quoting kAsSpelled = {true, true, true};

RelationName SchemaOf(RelationName key) {
  key.identifier.clear();
  return key;
}

}  // namespace

WholeSchemas::WholeSchemas(const CloneInputs& inputs, const World& world,
                           std::span<const Candidate> candidates,
                           std::span<const Decision> decisions)
    : inputs_(inputs) {
  if (!inputs.options.whole_schemas) return;
  if (!inputs.dialect->capabilities().clones_schemas) {
    Warn(inputs.dialect->type(), "cannot clone a schema in one statement");
    return;
  }
  Groups groups = Gather(candidates, decisions);
  for (auto& [key, group] : groups) {
    const std::string why = WhyNot(groups, key, world);
    if (why.empty()) {
      whole_.emplace(*group.targets.begin(), group);
    } else {
      Warn(inputs.dialect->RenderSchema(group.source, inputs.source_quoting),
           absl::StrCat("is not cloned in one statement: ", why));
    }
  }
}

bool WholeSchemas::Contains(RelationName key) const {
  return whole_.contains(SchemaOf(std::move(key)));
}

void WholeSchemas::CloneInstead(const RelationName& key,
                                Operation* operation) const {
  const Group& group = whole_.at(key);
  const std::optional<absl::Time> time =
      inputs_.as_of.has_value() ? std::optional(inputs_.as_of->time)
                                : std::nullopt;
  operation->statements = inputs_.dialect->CloneSchema(
      group.source, group.target, inputs_.target_quoting, time);
  operation->reason = OperationReason::kWholeSchema;
  operation->explanation = absl::StrCat(
      "all ", group.relations.size(), " relations of ",
      inputs_.dialect->RenderSchema(group.source, inputs_.source_quoting),
      " in one statement, with whatever else is in there",
      time.has_value() ? absl::StrCat(", as it was at ", TimeText(*time)) : "");
}

WholeSchemas::Groups WholeSchemas::Gather(
    std::span<const Candidate> candidates,
    std::span<const Decision> decisions) const {
  Groups groups;
  for (size_t i = 0; i < candidates.size(); ++i) {
    const Candidate& candidate = candidates[i];
    if (decisions[i].kind == OperationKind::kSkip) continue;
    const RelationName source = SourceKey(inputs_, candidate);
    Group& group = groups[SchemaOf(source)];
    group.source = candidate.source->schema_name();
    group.target = candidate.target->schema_name();
    group.targets.insert(SchemaOf(TargetKey(inputs_, candidate)));
    group.relations.insert(source);
    if (group.why_not.empty()) {
      group.why_not = WhyNot(candidate, decisions[i]);
    }
  }
  return groups;
}

// Of one relation.
std::string WholeSchemas::WhyNot(const Candidate& candidate,
                                 const Decision& decision) const {
  const auto name = [&] {
    return inputs_.dialect->Render(*candidate.source, candidate.source_quoting);
  };
  if (!(candidate.source_quoting == inputs_.target_quoting)) {
    return absl::StrCat("the target's project quotes names otherwise than ",
                        name());
  }
  if (SourceKey(inputs_, candidate).identifier !=
      TargetKey(inputs_, candidate).identifier) {
    return absl::StrCat(name(), " is to have another name");
  }
  const bool is_pointer = decision.kind == OperationKind::kPointerView &&
                          decision.reason == OperationReason::kSourceNotATable;
  if (decision.kind == OperationKind::kCloneTable || is_pointer) return "";
  return absl::StrCat("of ", name(), " is made a ",
                      OperationKindName(decision.kind));
}

// Of the schema of that key.
std::string WholeSchemas::WhyNot(const Groups& groups, const RelationName& key,
                                 const World& world) const {
  const Group& group = groups.at(key);
  if (!group.why_not.empty()) return group.why_not;
  if (group.targets.size() > 1) {
    return "its relations go to several schemas";
  }
  const RelationName& target = *group.targets.begin();
  const std::string rendered =
      inputs_.dialect->RenderSchema(group.target, inputs_.target_quoting);
  if (world.FindSchema(target).has_value()) {
    return absl::StrCat(rendered, " is there already");
  }
  for (const auto& [other, what] : groups) {
    if (other != key && what.targets.contains(target)) {
      return absl::StrCat(rendered, " is to have those of another schema, too");
    }
  }
  for (const CatalogEntry& entry : inputs_.catalog) {
    const RelationName relation =
        inputs_.dialect->CatalogKey(entry.name, kAsSpelled);
    if (SchemaOf(relation) != key) continue;
    if (!group.relations.contains(relation)) {
      return absl::StrCat(inputs_.dialect->Render(entry.name, kAsSpelled),
                          " is not to be cloned");
    }
    if (entry.kind != RelationKind::kTable &&
        entry.kind != RelationKind::kView) {
      return absl::StrCat(inputs_.dialect->Render(entry.name, kAsSpelled),
                          " is a ", RelationKindName(entry.kind));
    }
  }
  return "";
}

void WholeSchemas::Warn(absl::string_view subject, absl::string_view why) {
  warnings_.push_back({"SchemaNotWhole", absl::StrCat(subject, " ", why)});
}

}  // namespace doppel::clone

#include "service/clone/target_names.h"

#include "service/base/status_macros.h"
#include "service/manifest/relation_of.h"

namespace doppel::clone {

absl::StatusOr<TargetNames> TargetNames::Make(const CloneInputs& inputs) {
  std::optional<Naming> naming;
  if (inputs.target == nullptr) {
    DOPPEL_ASSIGN_OR_RETURN(naming, Naming::Make(inputs.rules));
  }
  return TargetNames(inputs, std::move(naming));
}

std::optional<RelationName> TargetNames::Of(const manifest::Node& node) const {
  if (naming_.has_value()) return naming_->NameFor(NameIn(inputs_, node));
  const auto counterpart = inputs_.target->Find(node.unique_id);
  if (!counterpart.has_value()) return std::nullopt;
  const manifest::Node& target = inputs_.target->node(*counterpart);
  if (!manifest::HasRelation(target)) return std::nullopt;
  return NameIn(inputs_, target);
}

RelationName NameIn(const CloneInputs& inputs, const manifest::Node& node) {
  RelationName name = manifest::RelationOf(node);
  if (name.database.empty()) name.database = inputs.default_database;
  return name;
}

}  // namespace doppel::clone

// Which relation of the target stands for a node of the source.
//
// Thread contract: immutable once made; what it was made from outlives it.
#ifndef DOPPEL_SERVICE_CLONE_TARGET_NAMES_H_
#define DOPPEL_SERVICE_CLONE_TARGET_NAMES_H_

#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "service/base/relation.h"
#include "service/clone/naming.h"
#include "service/clone/planner.h"
#include "service/manifest/manifest.h"

namespace doppel::clone {

class TargetNames {
 public:
  // NAMING_RULE_INVALID.
  static absl::StatusOr<TargetNames> Make(const CloneInputs& inputs);

  // That of the same node in the target's manifest, or the name that the rules
  // give; none where there is neither.
  std::optional<RelationName> Of(const manifest::Node& node) const;

 private:
  TargetNames(const CloneInputs& inputs, std::optional<Naming> naming)
      : inputs_(inputs), naming_(std::move(naming)) {}

  const CloneInputs& inputs_;
  std::optional<Naming> naming_;
};

// The node's relation, in the default database where it names none.
RelationName NameIn(const CloneInputs& inputs, const manifest::Node& node);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_TARGET_NAMES_H_

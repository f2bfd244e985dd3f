#include "service/state/strict.h"

#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace doppel::state {

using manifest::MacroId;
using manifest::Manifest;
using manifest::Node;

StrictRules::StrictRules(const Manifest& current, const Manifest& older,
                         const MacroChanges& macros,
                         const CompareOptions& options)
    : current_(&current),
      older_(&older),
      macros_(&macros),
      materializations_(current),
      older_materializations_(older),
      vars_(current, options.older_vars, options.current_vars) {}

std::vector<Cause> StrictRules::Causes(const Node& older,
                                       const Node& node) const {
  std::vector<Cause> causes;
  if (node.type == manifest::ResourceType::kSeed &&
      node.checksum_name == "path" && older.checksum_name == "path" &&
      older.checksum == node.checksum) {
    Cause cause;
    cause.kind = CauseKind::kBody;
    cause.detail =
        "too large for dbt to read: that it is the same cannot be shown";
    causes.push_back(std::move(cause));
  }
  AddMaterialization(older, node, causes);
  std::vector<Cause> vars = vars_.Causes(node);
  std::move(vars.begin(), vars.end(), std::back_inserter(causes));
  return causes;
}

void StrictRules::AddMaterialization(const Node& older, const Node& node,
                                     std::vector<Cause>& causes) const {
  // Another `materialized` is a change of config.
  if (older.materialized != node.materialized) return;
  const std::optional<MacroId> now = materializations_.MacroOf(node);
  const std::optional<MacroId> before = older_materializations_.MacroOf(older);
  if (!now.has_value() || !before.has_value()) return;
  const absl::string_view macro = current_->macro(*now).unique_id;
  const absl::string_view other = older_->macro(*before).unique_id;
  if (macro != other) {
    Cause cause;
    cause.kind = CauseKind::kMacro;
    cause.subject = std::string(macro);
    cause.path = {cause.subject};
    cause.detail = absl::StrCat("instead of ", other);
    causes.push_back(std::move(cause));
    return;
  }
  const MacroId call = *now;
  std::vector<Cause> changes = macros_->Causes({&call, 1});
  std::move(changes.begin(), changes.end(), std::back_inserter(causes));
}

}  // namespace doppel::state

#include "service/state/materialization.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "service/state/adapter_family.h"

namespace doppel::state {

using manifest::MacroId;

namespace {

// The name in "macro.<package>.<name>".
absl::string_view NameOf(const manifest::Macro& macro) {
  absl::string_view rest = macro.unique_id;
  absl::ConsumePrefix(&rest, "macro.");
  rest.remove_prefix(std::min(rest.size(), macro.package_name.size()));
  absl::ConsumePrefix(&rest, ".");
  return rest;
}

// Analyses and hooks say how they are materialized, but are not.
bool IsBuilt(const manifest::Node& node) {
  using manifest::ResourceType;
  return !node.materialized.empty() && !manifest::IsEphemeral(node) &&
         (manifest::IsRefable(node.type) || node.type == ResourceType::kTest ||
          node.type == ResourceType::kFunction);
}

}  // namespace

Materializations::Materializations(const manifest::Manifest& manifest)
    : manifest_(&manifest) {
  for (MacroId id = 0; id < manifest.macro_count(); ++id) {
    const manifest::Macro& macro = manifest.macro(id);
    absl::string_view name = NameOf(macro);
    if (!absl::ConsumePrefix(&name, "materialization_")) continue;
    const auto [place, added] = macros_.try_emplace(name, id);
    if (!added && PackageRank(macro.package_name) <
                      PackageRank(manifest.macro(place->second).package_name)) {
      place->second = id;
    }
  }
}

int Materializations::PackageRank(absl::string_view package) const {
  const manifest::Metadata& metadata = manifest_->metadata();
  if (package == metadata.project_name) return 0;
  return IsInternalPackage(package, metadata.adapter_type) ? 2 : 1;
}

std::optional<MacroId> Materializations::MacroOf(
    const manifest::Node& node) const {
  if (!IsBuilt(node)) return std::nullopt;
  std::vector<absl::string_view> family =
      AdapterFamily(manifest_->metadata().adapter_type);
  family.push_back("default");
  for (absl::string_view adapter : family) {
    const auto found =
        macros_.find(absl::StrCat(node.materialized, "_", adapter));
    if (found != macros_.end()) return found->second;
  }
  return std::nullopt;
}

}  // namespace doppel::state

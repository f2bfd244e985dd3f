#include "service/selection/selection.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/base/dbt_version.h"
#include "service/base/status_macros.h"
#include "service/manifest/manifest.h"
#include "service/selection/criterion_parser.h"
#include "service/selection/evaluator.h"
#include "service/selection/node_set.h"
#include "service/selection/resource_types.h"
#include "service/selection/spec.h"
#include "service/selection/yaml_selectors.h"

namespace doppel::selection {
namespace {

// The name of the YAML selector that applies, if one does.
absl::StatusOr<std::optional<std::string>> NamedSelector(
    const SelectionRequest& request, const manifest::Manifest& manifest) {
  if (!request.selector.empty()) return request.selector;
  if (!request.select.empty() || !request.exclude.empty() ||
      !request.use_default_selector) {
    return std::nullopt;
  }
  return DefaultSelector(manifest);
}

absl::StatusOr<Spec> SpecOf(const SelectionRequest& request,
                            const manifest::Manifest& manifest,
                            SelectionResult& result) {
  DOPPEL_ASSIGN_OR_RETURN(const std::optional<std::string> selector,
                          NamedSelector(request, manifest));
  if (!selector.has_value()) return ParseArguments(request);
  if ((!request.select.empty() || !request.exclude.empty()) &&
      DbtVersionOf(request.dbt_version) >= DbtVersion{1, 12, 0}) {
    result.warnings.push_back(
        {"SelectExcludeIgnoredWithSelectorWarning",
         "The --select and --exclude arguments are being ignored for node "
         "selection because --selector is provided"});
  }
  return ParseSelector(manifest, *selector, request.indirect_selection,
                       DbtVersionOf(request.dbt_version));
}

}  // namespace

absl::StatusOr<SelectionResult> Select(const SelectionRequest& request,
                                       const SelectionInputs& inputs) {
  DOPPEL_RET_CHECK(inputs.current != nullptr);
  const manifest::Manifest& manifest = *inputs.current;
  SelectionResult result;
  DOPPEL_ASSIGN_OR_RETURN(const KeptNodes kept, KeptNodesOf(request));
  DOPPEL_ASSIGN_OR_RETURN(const Spec spec, SpecOf(request, manifest, result));
  Evaluator evaluator(inputs, request.indirect_selection, kept,
                      DbtVersionOf(request.dbt_version));
  DOPPEL_ASSIGN_OR_RETURN(const NodeSet selected, evaluator.Evaluate(spec));
  selected.ForEach([&](manifest::NodeId id) {
    if (kept.Has(manifest.node(id))) result.nodes.push_back(id);
  });
  result.warnings.insert(result.warnings.end(), evaluator.warnings().begin(),
                         evaluator.warnings().end());
  if (result.nodes.empty()) {
    result.warnings.push_back({"NoNodesSelected", "No nodes selected!"});
  }
  return result;
}

}  // namespace doppel::selection

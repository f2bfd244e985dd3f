// A manifest's YAML selectors: definition -> Spec (dbt 1.12, graph/cli.py
// parse_from_definition).
//
// Thread contract: pure functions. Specs point into the manifest.
#ifndef DOPPEL_SERVICE_SELECTION_YAML_SELECTORS_H_
#define DOPPEL_SERVICE_SELECTION_YAML_SELECTORS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/dbt_version.h"
#include "service/manifest/manifest.h"
#include "service/selection/selection.h"
#include "service/selection/spec.h"

namespace doppel::selection {

// The selector of that name. NOT_FOUND SELECTOR_NOT_FOUND, naming those that
// are there; INVALID_ARGUMENT SELECTOR_INVALID. Criteria that choose no mode of
// their own take `mode`.
absl::StatusOr<Spec> ParseSelector(const manifest::Manifest& manifest,
                                   absl::string_view name,
                                   IndirectSelection mode, DbtVersion dbt = {});

// The names of all selectors, sorted.
std::vector<std::string> SelectorNames(const manifest::Manifest& manifest);

// The selector with `default: true`. INVALID_ARGUMENT SELECTOR_INVALID where
// several have it.
absl::StatusOr<std::optional<std::string>> DefaultSelector(
    const manifest::Manifest& manifest);

}  // namespace doppel::selection

#endif  // DOPPEL_SERVICE_SELECTION_YAML_SELECTORS_H_

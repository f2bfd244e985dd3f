// Whether a difference of configs is one of rendering alone: the authors wrote
// the same on both sides, and only target, variables, environment or the flags
// of the dbt that wrote the manifest made two values of it.
//
// dbt counts such a node as modified: with its flag
// state_modified_compare_more_unrendered_values off, unrendered_config holds
// rendered values of what stands in YAML and in code.
//
// Thread contract: a pure function.
#ifndef DOPPEL_SERVICE_STATE_RENDERING_H_
#define DOPPEL_SERVICE_STATE_RENDERING_H_

#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"
#include "service/state/sides.h"
#include "service/state/unrendered_config.h"

namespace doppel::state {

// For a key of the unrendered config whose two entries differ. True where
//   - the config() calls in both nodes' code give the key the same expression,
//     which reads something of the environment, or
//   - one entry is Jinja and the other is what Jinja gave.
bool OnlyRendersApart(const Sides& sides, const manifest::Node& older,
                      const manifest::Node& current, absl::string_view key,
                      const ConfigEntry& before, const ConfigEntry& after);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_RENDERING_H_

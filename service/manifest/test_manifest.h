// A small manifest for this room's tests, in the shape of each schema version.
#ifndef DOPPEL_SERVICE_MANIFEST_TEST_MANIFEST_H_
#define DOPPEL_SERVICE_MANIFEST_TEST_MANIFEST_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"

namespace doppel::manifest {

// The manifest as the dbt of that schema version (1 to 12) would write it:
// model.shop.orders on model.shop.stg on source.shop.raw.orders, the seed
// shop.codes, a generic test of orders, the exposure shop.board on it, the
// macro shop.cents, the disabled model shop.old, and from v4 on a metric.
std::string SmallManifest(int version);

// The same text around `metadata` and `nodes`, each a JSON text.
std::string ManifestOf(absl::string_view nodes,
                       absl::string_view other_members = "");

// The graph of JSON that must be read; a test failure and nullptr otherwise.
std::shared_ptr<const Manifest> MustParse(absl::string_view json);

// The vertex of that id, which must be there.
const Node& NodeOf(const Manifest& manifest, absl::string_view unique_id);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_TEST_MANIFEST_H_

// Reads a manifest beside another one of the same project, its base: what
// stands in both, byte for byte but for `created_at`, is taken over instead of
// read again. Two manifests of one project have nearly everything in common.
//
// The graph is the same as the one that is read without a base.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_MANIFEST_BASE_READER_H_
#define DOPPEL_SERVICE_MANIFEST_BASE_READER_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"
#include "service/manifest/parse_options.h"
#include "service/manifest/text.h"

namespace doppel::manifest {

// Whether much of `text` probably stands in `base`: the first node begins the
// same. Where dbt wrote them for different targets, it does not.
bool LooksLike(absl::string_view text, absl::string_view base);

// The graph of `text`, or nullptr where that has to be read without a base: it
// is no manifest, or it is unlike dbt's. `base` was read with the same options.
std::shared_ptr<const Manifest> ParseBeside(
    const std::shared_ptr<const Manifest>& base, const Text& text,
    const std::string& digest, const ParseOptions& options);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_BASE_READER_H_

// A Selection and its SelectionContext, evaluated: the graph, the comparison
// and the artifacts that they name are read, then selection::Select is asked.
//
// Thread contract: functions that may be called from any thread.
#ifndef DOPPEL_SERVICE_RPC_SELECTING_H_
#define DOPPEL_SERVICE_RPC_SELECTING_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/manifest.pb.h"
#include "service/manifest/manifest.h"
#include "service/rpc/services.h"
#include "service/selection/selection.h"
#include "service/store/manifest_library.h"

namespace doppel::rpc {

using ManifestPtr = store::ManifestLibrary::ManifestPtr;

// The digest of "manifests/{sha256}": INVALID_ARGUMENT, naming `field`, for any
// other text.
absl::StatusOr<std::string> DigestOf(absl::string_view name,
                                     absl::string_view field);

// The graph of that manifest. NOT_FOUND MANIFEST_NOT_FOUND.
absl::StatusOr<ManifestPtr> LoadManifest(const Services& services,
                                         absl::string_view name,
                                         absl::string_view field);

// Adds, once, that the dbt of that version would refuse `state`, if it would.
void AddStateVersionWarning(const manifest::Manifest& state,
                            absl::string_view dbt_version,
                            std::vector<state::Warning>& warnings);

// A run_results.json in a request. INVALID_ARGUMENT ARTIFACT_INVALID, naming
// `field`, where it is too large or none.
absl::StatusOr<selection::RunResults> ReadRunResults(const Services& services,
                                                     absl::string_view bytes,
                                                     absl::string_view field);

// What a selection is evaluated with.
struct SelectionQuestion {
  const v1::Selection& selection;
  const v1::SelectionContext& context;
  // What the call is about where the selection names no resource types, by
  // dbt's words. Empty: as `dbt ls`.
  std::vector<std::string> default_types = {};
  // Whether nodes with a blank body stay, as in `dbt ls`.
  bool keep_empty_nodes = true;
};

// Errors: those of ManifestService.ListNodes.
absl::StatusOr<selection::SelectionResult> SelectNodes(
    const Services& services, const ManifestPtr& manifest,
    const SelectionQuestion& question);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_SELECTING_H_

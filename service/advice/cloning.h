// What a clone of some nodes into an empty target would come to.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_ADVICE_CLONING_H_
#define DOPPEL_SERVICE_ADVICE_CLONING_H_

#include <span>

#include "absl/status/statusor.h"
#include "service/deferral/source.h"
#include "service/dialect/dialect.h"
#include "service/manifest/manifest.h"

namespace doppel::advice {

struct Cloning {
  int objects = 0;
  int pointer_views = 0;  // among the objects
  int statements = 0;     // with those that make schemas
};

// Each model, seed and snapshot of `selected` (ascending) is cloned from the
// first source that may serve it, as if all that the sources' manifests name
// were built, and nothing were in the target. `quoting` is the target
// project's. Errors: PLAN_HAS_ERRORS for names that the warehouse cannot have.
absl::StatusOr<Cloning> CountClones(
    const manifest::Manifest& target,
    std::span<const manifest::NodeId> selected,
    std::span<const deferral::DeferSource> sources,
    std::span<const dialect::Quoting> source_quotings,
    const dialect::Dialect& dialect, const dialect::Quoting& quoting);

}  // namespace doppel::advice

#endif  // DOPPEL_SERVICE_ADVICE_CLONING_H_

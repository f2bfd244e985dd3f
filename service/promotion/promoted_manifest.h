// The manifest that an environment has once a promotion is done: what was
// built, at the places where it now stands.
//
// Thread contract: a pure function.
#ifndef DOPPEL_SERVICE_PROMOTION_PROMOTED_MANIFEST_H_
#define DOPPEL_SERVICE_PROMOTION_PROMOTED_MANIFEST_H_

#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "service/dialect/dialect.h"
#include "service/manifest/manifest.h"
#include "service/promotion/places.h"

namespace doppel::promotion {

struct PromotedManifestInputs {
  std::shared_ptr<const manifest::Manifest> from;
  std::shared_ptr<const manifest::Manifest> to;
  std::span<const Place> places;               // what PlacesOf gave
  std::span<const manifest::NodeId> selected;  // of `from`, ascending
  const dialect::Dialect* dialect = nullptr;
  dialect::Quoting to_quoting;
};

// The bytes of `from`, in which the nodes stand where their places are: their
// database, schema, alias and relation_name, and what their compiled code reads
// of one another. Where not all of them are selected: the bytes of `to`, with
// the selected nodes so changed.
//
// Errors: those of ParseManifest and SpliceStateManifest.
absl::StatusOr<std::string> PromotedManifest(
    const PromotedManifestInputs& inputs);

}  // namespace doppel::promotion

#endif  // DOPPEL_SERVICE_PROMOTION_PROMOTED_MANIFEST_H_

// Manifests, nodes, relations, selections and differences: native <-> protobuf.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_RPC_CONVERT_MANIFEST_H_
#define DOPPEL_SERVICE_RPC_CONVERT_MANIFEST_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "doppel/v1/manifest.pb.h"
#include "google/protobuf/repeated_field.h"
#include "google/protobuf/timestamp.pb.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"
#include "service/manifest/manifest.h"
#include "service/selection/selection.h"
#include "service/state/comparison.h"

namespace doppel::rpc {

google::protobuf::Timestamp ToProto(absl::Time time);
absl::Time FromProto(const google::protobuf::Timestamp& time);

// The manifest as clients see it. create_time is when it was uploaded.
v1::Manifest ToProto(const manifest::Manifest& manifest,
                     absl::Time create_time);

// How a manifest's relations are rendered: its adapter's dialect and its
// project's quoting. An adapter that doppel does not know is taken for one with
// the quotes of standard SQL, which PostgreSQL has.
struct Rendering {
  const dialect::Dialect* dialect;
  dialect::Quoting quoting;
};
Rendering RenderingOf(const manifest::Manifest& manifest);

v1::RelationKind ToProto(RelationKind kind);
RelationKind FromProto(v1::RelationKind kind);
v1::Relation ToProto(const RelationName& name, RelationKind kind,
                     const Rendering& rendering);

// All of a node, or unique_id, type and name alone.
v1::Node ToProto(const manifest::Manifest& manifest, manifest::NodeId id,
                 const Rendering& rendering);
v1::Node ToBasicProto(const manifest::Node& node);

void ToProto(const std::vector<state::Warning>& warnings,
             google::protobuf::RepeatedPtrField<v1::Warning>* out);

// A node that is new or modified, or would be without the muted causes.
v1::Difference ToProto(const state::StateComparison& comparison,
                       manifest::NodeId id);
// A node of the older manifest that the current one lacks.
v1::Difference ToRemovedProto(const manifest::Node& node);

// INVALID_ARGUMENT for an enum value that is none.
absl::StatusOr<selection::SelectionRequest> FromProto(
    const v1::Selection& selection);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_CONVERT_MANIFEST_H_

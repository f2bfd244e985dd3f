// Environments: native <-> protobuf, and what an environment's fields may be.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_RPC_CONVERT_ENVIRONMENT_H_
#define DOPPEL_SERVICE_RPC_CONVERT_ENVIRONMENT_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "doppel/v1/environment.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "service/store/store.h"

namespace doppel::rpc {

v1::Environment ToProto(const store::EnvironmentRecord& record);

// The fields that a client sets. INVALID_ARGUMENT with every violation: a bad
// id, a manifest name of another form, a description that is too long.
absl::StatusOr<store::EnvironmentRecord> FromProto(
    const v1::Environment& environment);

// Puts the fields that the mask names (empty: those that are set) from
// `changes` into `record`. INVALID_ARGUMENT for a path that is none.
absl::Status ApplyMask(const v1::Environment& changes,
                       const google::protobuf::FieldMask& mask,
                       store::EnvironmentRecord& record);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_CONVERT_ENVIRONMENT_H_

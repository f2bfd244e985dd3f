// Resolutions: native -> protobuf.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_RPC_CONVERT_DEFERRAL_H_
#define DOPPEL_SERVICE_RPC_CONVERT_DEFERRAL_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "doppel/v1/deferral.pb.h"
#include "doppel/v1/planning_service.pb.h"
#include "service/deferral/resolution.h"

namespace doppel::rpc {

// INVALID_ARGUMENT for a value that is none.
absl::StatusOr<deferral::Command> FromProto(v1::DbtCommand command);

// The refs of the resolution's node at that index.
v1::NodeResolution ToProto(const deferral::Resolution& resolution,
                           size_t index);

// Sources, summary, warnings and rules; not the nodes.
v1::DeferResolution ToBasicProto(const deferral::Resolution& resolution);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_CONVERT_DEFERRAL_H_

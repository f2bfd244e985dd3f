// ComparisonOptions and a dbt version -> state::CompareOptions.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_RPC_COMPARING_H_
#define DOPPEL_SERVICE_RPC_COMPARING_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/manifest.pb.h"
#include "service/state/compare_options.h"

namespace doppel::rpc {

// What a YAML mapping of variables says, as dbt's --vars takes it; "" is none.
// Errors: INVALID_ARGUMENT, naming `field`, for a text that is not YAML or not
// a mapping.
absl::StatusOr<state::Vars> ReadVars(const std::string& yaml,
                                     absl::string_view field);

// `dbt_version` is that of the request, `field` where the options stand in it.
// Errors: INVALID_ARGUMENT, naming the field, for a version that is none, a
// mute that is none, and variables that cannot be read.
absl::StatusOr<state::CompareOptions> CompareOptionsOf(
    const v1::ComparisonOptions& options, const std::string& dbt_version,
    absl::string_view field);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_COMPARING_H_

// The gate of a promotion: whether the tests of a build allow it. Reads dbt's
// run_results.json.
//
// Source of the rules: a test that failed, broke, was skipped or did not run is
// no evidence; neither are results of an older build than the one that is to be
// promoted. A test whose severity is "warn" does not close it, as in dbt.
//
// Thread contract: a pure function.
#ifndef DOPPEL_SERVICE_PROMOTION_GATE_H_
#define DOPPEL_SERVICE_PROMOTION_GATE_H_

#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/manifest/manifest.h"
#include "service/state/cause.h"

namespace doppel::promotion {

struct GateInputs {
  absl::string_view run_results_json;
  // Of the build that is to be promoted.
  const manifest::Manifest* manifest = nullptr;
  // The tests that must have passed, and the nodes that are to be promoted;
  // these need not be among the results, but must not have failed there.
  std::span<const manifest::NodeId> tests;
  std::span<const manifest::NodeId> promoted;
  // Results older than this are none. Not set: any age.
  std::optional<absl::Duration> max_age;
  absl::Time now;
};

struct OpenGate {
  int passed_tests = 0;
  std::vector<state::Warning> warnings;
};

// Errors:
//   INVALID_ARGUMENT ARTIFACT_INVALID: no run_results.json of dbt.
//   FAILED_PRECONDITION GATE_CLOSED: a PreconditionFailure for each test and
//     node that closes it, or for the results where these are too old or of
//     another build.
absl::StatusOr<OpenGate> CheckGate(const GateInputs& inputs);

}  // namespace doppel::promotion

#endif  // DOPPEL_SERVICE_PROMOTION_GATE_H_

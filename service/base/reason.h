// Why a call was rejected, for programs: the reason of an ErrorInfo.
//
// The same list, value for value and name for name, as
// proto/doppel/v1/error_reason.proto, whose comments say what each one means
// (rpc/status_codec_test shows that they are equal). It stands here because
// the engine makes errors and knows no protobuf.
#ifndef DOPPEL_SERVICE_BASE_REASON_H_
#define DOPPEL_SERVICE_BASE_REASON_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace doppel {

enum class Reason {
  kUnspecified = 0,

  // The request itself.
  kInvalidArgument = 1,
  kPageTokenInvalid = 2,
  kRequestIdReused = 3,
  kEtagMismatch = 4,
  kNotImplemented = 5,
  kServerDraining = 6,
  kTooManyCalls = 7,
  kInternal = 8,
  kUnauthenticated = 9,
  kPermissionDenied = 10,
  kDeadlineExceeded = 11,
  kCancelled = 12,

  // Manifests.
  kManifestNotJson = 20,
  kManifestTruncated = 21,
  kNotAManifest = 22,
  kManifestVersionUnsupported = 23,
  kManifestDigestMismatch = 24,
  kManifestTooLarge = 25,
  kManifestTooManyNodes = 26,
  kManifestTooDeep = 27,
  kManifestNotFound = 28,
  kManifestInUse = 29,
  kManifestCyclic = 30,
  kManifestBroken = 31,
  kUploadOffsetMismatch = 32,

  // Selection and state comparison.
  kSelectionSyntax = 40,
  kSelectionUnknownMethod = 41,
  kSelectionInvalidValue = 42,
  kSelectorNotFound = 43,
  kSelectorInvalid = 44,
  kStateManifestRequired = 45,
  kRunResultsRequired = 46,
  kSourceFreshnessRequired = 47,
  kContractBroken = 48,
  kArtifactInvalid = 49,

  // Environments and connections.
  kEnvironmentNotFound = 60,
  kEnvironmentExists = 61,
  kEnvironmentProtected = 62,
  kEnvironmentHasNoManifest = 63,
  kEnvironmentHasNoConnection = 64,
  kConnectionNotFound = 65,
  kProfilesInvalid = 66,

  // Warehouses.
  kWarehouseUnreachable = 80,
  kWarehouseUnsupported = 81,
  kWarehouseAuthenticationFailed = 82,
  kWarehousePermissionDenied = 83,
  kWarehouseStatementFailed = 84,
  kWarehouseDriverMissing = 85,
  kWarehouseBusy = 86,

  // Plans and executions.
  kPlanNotFound = 100,
  kPlanEmpty = 101,
  kPlanHasErrors = 102,
  kFingerprintMismatch = 103,
  kWorldChanged = 104,
  kSelfClone = 105,
  kNamingRuleInvalid = 106,
  kExecutionNotFound = 107,
  kExecutionNotResumable = 108,
  kExecutionFinished = 109,
  kEnvironmentLeased = 110,
  kGateClosed = 111,
  kResolutionNotFound = 112,
  kRelationMissing = 113,
  kSequenceOutOfRange = 114,

  // The store.
  kStoreFailed = 130,
  kStoreFull = 131,
};

// The reason's name on the wire, such as "SELECTION_SYNTAX".
absl::string_view ReasonName(Reason reason);

// The reason of that wire name, or none.
std::optional<Reason> ReasonFromName(absl::string_view name);

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_REASON_H_

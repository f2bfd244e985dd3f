#include "service/base/reason.h"

#include <optional>

#include "absl/strings/string_view.h"

namespace doppel {
namespace {

struct NamedReason {
  Reason reason;
  absl::string_view name;
};

constexpr NamedReason kReasons[] = {
    {Reason::kUnspecified, "UNSPECIFIED"},
    {Reason::kInvalidArgument, "INVALID_ARGUMENT"},
    {Reason::kPageTokenInvalid, "PAGE_TOKEN_INVALID"},
    {Reason::kRequestIdReused, "REQUEST_ID_REUSED"},
    {Reason::kEtagMismatch, "ETAG_MISMATCH"},
    {Reason::kNotImplemented, "NOT_IMPLEMENTED"},
    {Reason::kServerDraining, "SERVER_DRAINING"},
    {Reason::kTooManyCalls, "TOO_MANY_CALLS"},
    {Reason::kInternal, "INTERNAL"},
    {Reason::kUnauthenticated, "UNAUTHENTICATED"},
    {Reason::kPermissionDenied, "PERMISSION_DENIED"},
    {Reason::kDeadlineExceeded, "DEADLINE_EXCEEDED"},
    {Reason::kCancelled, "CANCELLED"},
    {Reason::kManifestNotJson, "MANIFEST_NOT_JSON"},
    {Reason::kManifestTruncated, "MANIFEST_TRUNCATED"},
    {Reason::kNotAManifest, "NOT_A_MANIFEST"},
    {Reason::kManifestVersionUnsupported, "MANIFEST_VERSION_UNSUPPORTED"},
    {Reason::kManifestDigestMismatch, "MANIFEST_DIGEST_MISMATCH"},
    {Reason::kManifestTooLarge, "MANIFEST_TOO_LARGE"},
    {Reason::kManifestTooManyNodes, "MANIFEST_TOO_MANY_NODES"},
    {Reason::kManifestTooDeep, "MANIFEST_TOO_DEEP"},
    {Reason::kManifestNotFound, "MANIFEST_NOT_FOUND"},
    {Reason::kManifestInUse, "MANIFEST_IN_USE"},
    {Reason::kManifestCyclic, "MANIFEST_CYCLIC"},
    {Reason::kManifestBroken, "MANIFEST_BROKEN"},
    {Reason::kUploadOffsetMismatch, "UPLOAD_OFFSET_MISMATCH"},
    {Reason::kSelectionSyntax, "SELECTION_SYNTAX"},
    {Reason::kSelectionUnknownMethod, "SELECTION_UNKNOWN_METHOD"},
    {Reason::kSelectionInvalidValue, "SELECTION_INVALID_VALUE"},
    {Reason::kSelectorNotFound, "SELECTOR_NOT_FOUND"},
    {Reason::kSelectorInvalid, "SELECTOR_INVALID"},
    {Reason::kStateManifestRequired, "STATE_MANIFEST_REQUIRED"},
    {Reason::kRunResultsRequired, "RUN_RESULTS_REQUIRED"},
    {Reason::kSourceFreshnessRequired, "SOURCE_FRESHNESS_REQUIRED"},
    {Reason::kContractBroken, "CONTRACT_BROKEN"},
    {Reason::kArtifactInvalid, "ARTIFACT_INVALID"},
    {Reason::kEnvironmentNotFound, "ENVIRONMENT_NOT_FOUND"},
    {Reason::kEnvironmentExists, "ENVIRONMENT_EXISTS"},
    {Reason::kEnvironmentProtected, "ENVIRONMENT_PROTECTED"},
    {Reason::kEnvironmentHasNoManifest, "ENVIRONMENT_HAS_NO_MANIFEST"},
    {Reason::kEnvironmentHasNoConnection, "ENVIRONMENT_HAS_NO_CONNECTION"},
    {Reason::kConnectionNotFound, "CONNECTION_NOT_FOUND"},
    {Reason::kProfilesInvalid, "PROFILES_INVALID"},
    {Reason::kWarehouseUnreachable, "WAREHOUSE_UNREACHABLE"},
    {Reason::kWarehouseUnsupported, "WAREHOUSE_UNSUPPORTED"},
    {Reason::kWarehouseAuthenticationFailed, "WAREHOUSE_AUTHENTICATION_FAILED"},
    {Reason::kWarehousePermissionDenied, "WAREHOUSE_PERMISSION_DENIED"},
    {Reason::kWarehouseStatementFailed, "WAREHOUSE_STATEMENT_FAILED"},
    {Reason::kWarehouseDriverMissing, "WAREHOUSE_DRIVER_MISSING"},
    {Reason::kWarehouseBusy, "WAREHOUSE_BUSY"},
    {Reason::kPlanNotFound, "PLAN_NOT_FOUND"},
    {Reason::kPlanEmpty, "PLAN_EMPTY"},
    {Reason::kPlanHasErrors, "PLAN_HAS_ERRORS"},
    {Reason::kFingerprintMismatch, "FINGERPRINT_MISMATCH"},
    {Reason::kWorldChanged, "WORLD_CHANGED"},
    {Reason::kSelfClone, "SELF_CLONE"},
    {Reason::kNamingRuleInvalid, "NAMING_RULE_INVALID"},
    {Reason::kExecutionNotFound, "EXECUTION_NOT_FOUND"},
    {Reason::kExecutionNotResumable, "EXECUTION_NOT_RESUMABLE"},
    {Reason::kExecutionFinished, "EXECUTION_FINISHED"},
    {Reason::kEnvironmentLeased, "ENVIRONMENT_LEASED"},
    {Reason::kGateClosed, "GATE_CLOSED"},
    {Reason::kResolutionNotFound, "RESOLUTION_NOT_FOUND"},
    {Reason::kRelationMissing, "RELATION_MISSING"},
    {Reason::kSequenceOutOfRange, "SEQUENCE_OUT_OF_RANGE"},
    {Reason::kStoreFailed, "STORE_FAILED"},
    {Reason::kStoreFull, "STORE_FULL"},
};

}  // namespace

absl::string_view ReasonName(Reason reason) {
  for (const NamedReason& row : kReasons) {
    if (row.reason == reason) return row.name;
  }
  return "UNSPECIFIED";
}

std::optional<Reason> ReasonFromName(absl::string_view name) {
  for (const NamedReason& row : kReasons) {
    if (row.name == name) return row.reason;
  }
  return std::nullopt;
}

}  // namespace doppel

// How doppel's rooms reject a call: an absl::Status whose payload carries what
// a program needs (google.rpc's ErrorInfo, BadRequest, PreconditionFailure,
// ResourceInfo, RetryInfo), without protobuf. rpc/status_codec puts it on the
// wire.
//
//   return Error(absl::StatusCode::kInvalidArgument, Reason::kSelectionSyntax,
//                "selection, column 7: expected a value after \"tag:\"")
//       .With("column", 7)
//       .Field("selection.select[0]", "expected a value after \"tag:\"");
//
// Every value that appears in the message goes into With(), too, so that a
// program need not read the text (AIP-193).
//
// Thread contract: Error is a value, thread-compatible; ErrorDetails is a
// plain struct.
#ifndef DOPPEL_SERVICE_BASE_ERROR_H_
#define DOPPEL_SERVICE_BASE_ERROR_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/reason.h"

namespace doppel {

// What a status carries beside its code and message.
struct ErrorDetails {
  struct FieldViolation {
    std::string field;        // path in the request, "selection.select[0]"
    std::string description;  // what was wrong and what was expected
  };
  struct PreconditionViolation {
    std::string type;     // "RELATION", "MANIFEST", "ETAG", ...
    std::string subject;  // what it is about, a resource name or a relation
    std::string description;
  };
  struct Resource {
    std::string type;  // "manifest", "environment", "plan", ...
    std::string name;
  };

  Reason reason = Reason::kUnspecified;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<FieldViolation> fields;
  std::vector<PreconditionViolation> preconditions;
  std::optional<Resource> resource;
  std::optional<absl::Duration> retry_after;
};

// Builds a rejected status. Converts to absl::Status and to any StatusOr<T>.
class Error {
 public:
  Error(absl::StatusCode code, Reason reason, absl::string_view message);

  // A value of the message, for programs.
  template <typename T>
  Error& With(absl::string_view key, const T& value) {
    details_.metadata.emplace_back(std::string(key), absl::StrCat(value));
    return *this;
  }
  Error& Field(absl::string_view field, absl::string_view description);
  Error& Precondition(absl::string_view type, absl::string_view subject,
                      absl::string_view description);
  Error& Resource(absl::string_view type, absl::string_view name);
  Error& RetryAfter(absl::Duration delay);

  absl::Status ToStatus() const;
  operator absl::Status() const { return ToStatus(); }  // NOLINT
  template <typename T>
  operator absl::StatusOr<T>() const {  // NOLINT
    return ToStatus();
  }

 private:
  absl::StatusCode code_;
  std::string message_;
  ErrorDetails details_;
};

// The details that Error put there; none for a status made in another way.
std::optional<ErrorDetails> GetErrorDetails(const absl::Status& status);

// The reason alone; kUnspecified where there is none.
Reason GetReason(const absl::Status& status);

// The same code and details behind a longer message: "context: message".
absl::Status Annotate(const absl::Status& status, absl::string_view context);

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_ERROR_H_

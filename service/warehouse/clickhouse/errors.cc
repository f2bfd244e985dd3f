#include "service/warehouse/clickhouse/errors.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/base/error.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::clickhouse {
namespace {

// The names of ClickHouse's src/Common/ErrorCodes.cpp.
constexpr absl::string_view kRefused[] = {"ACCESS_DENIED", "READONLY"};
constexpr absl::string_view kUnknownUser[] = {"AUTHENTICATION_FAILED",
                                              "REQUIRED_PASSWORD",
                                              "UNKNOWN_USER", "WRONG_PASSWORD"};
constexpr absl::string_view kPasses[] = {"DEADLOCK_AVOIDED", "TOO_MANY_PARTS",
                                         "TOO_MANY_SIMULTANEOUS_QUERIES"};
constexpr absl::string_view kGone[] = {"ABORTED", "NETWORK_ERROR",
                                       "SOCKET_TIMEOUT"};

template <size_t kSize>
bool IsOneOf(absl::string_view name, const absl::string_view (&names)[kSize]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// "... (UNKNOWN_TABLE)" -> "UNKNOWN_TABLE"; "" where it does not end so.
absl::string_view NameOf(absl::string_view message) {
  message = absl::StripAsciiWhitespace(message);
  if (!absl::ConsumeSuffix(&message, ")")) return "";
  const size_t begin = message.rfind('(');
  if (begin == absl::string_view::npos) return "";
  const absl::string_view name = message.substr(begin + 1);
  const bool is_name =
      !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return absl::ascii_isupper(c) || absl::ascii_isdigit(c) || c == '_';
      });
  return is_name ? name : "";
}

Error Judge(absl::string_view name, absl::string_view message) {
  const std::string text = absl::StrCat("ClickHouse: ", message);
  constexpr auto kFailed = absl::StatusCode::kFailedPrecondition;
  constexpr auto kUnavailable = absl::StatusCode::kUnavailable;
  if (name == "QUERY_WAS_CANCELLED") {
    return Error(absl::StatusCode::kCancelled, Reason::kCancelled, text);
  }
  if (IsOneOf(name, kRefused)) {
    return Error(kFailed, Reason::kWarehousePermissionDenied, text);
  }
  if (IsOneOf(name, kUnknownUser)) {
    return Error(kFailed, Reason::kWarehouseAuthenticationFailed, text);
  }
  if (IsOneOf(name, kPasses)) {
    return Error(kUnavailable, Reason::kWarehouseBusy, text);
  }
  if (IsOneOf(name, kGone)) {
    return Error(kUnavailable, Reason::kWarehouseUnreachable, text);
  }
  return Error(kFailed, Reason::kWarehouseStatementFailed, text);
}

// ClickHouse locks the file "status" in its folder for as long as it runs.
bool IsLocked(absl::string_view path) {
  const int file =
      open(absl::StrCat(path, "/status").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool is_locked =
      flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close(file);
  return is_locked;
}

}  // namespace

absl::Status MapError(const adbc::DriverError& error) {
  absl::string_view message = error.message;
  absl::ConsumePrefix(&message, "[chdb] ");
  const absl::string_view name = NameOf(message);
  Error judged = Judge(name, message);
  if (!name.empty()) judged.With("clickhouse_error", name);
  return judged;
}

absl::Status MapOpenError(const absl::Status& status, absl::string_view path) {
  if (status.ok()) return status;
  if (IsLocked(path)) {
    return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseBusy,
                 absl::StrCat("cannot open ", path,
                              ": it is open in another process (a ClickHouse "
                              "folder can be open in one at a time: wait until "
                              "that one has closed it)"))
        .With("path", path);
  }
  return Error(absl::StatusCode::kUnavailable, Reason::kWarehouseUnreachable,
               absl::StrCat("cannot open ", path, ": ", status.message(),
                            "; check that the connection's path in "
                            "profiles.yml is a folder of ClickHouse's, which "
                            "the server may write"))
      .With("path", path);
}

}  // namespace doppel::warehouse::clickhouse

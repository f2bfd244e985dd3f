#include "service/warehouse/snowflake/errors.h"

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/warehouse/adbc/driver.h"
#include "service/warehouse/adbc/verdict.h"

namespace doppel::warehouse::snowflake {
namespace {

using adbc::kBusy;
using adbc::kCancelled;
using adbc::kDenied;
using adbc::kFailed;
using adbc::kUnauthenticated;
using adbc::kUnreachable;
using adbc::Verdict;

struct Range {
  int32_t first;
  int32_t last;
  Verdict verdict;
};

// By number; the first that fits counts.
constexpr Range kNumbers[] = {
    {604, 604, kCancelled},              // SQL execution canceled
    {625, 625, kBusy},                   // waited too long for a lock
    {3001, 3001, kDenied},               // insufficient privileges
    {3540, 3540, kDenied},               // the same of an account's parameter
    {260000, 260002, kUnauthenticated},  // no account, user or password
    {260003, 260004, kFailed},           // a host or port that makes no sense
    {260005, 260006, kUnauthenticated},  // the identity provider
    {260007, 260008, kUnreachable},  // service unavailable, failed to connect
    {260010, 260011, kUnauthenticated},  // a key or an authenticator
    {260016, 260018, kUnauthenticated},  // neither password nor token
    {261000, 261003, kUnreachable},      // a request got no proper answer
    {261004, 261007, kUnauthenticated},  // "failed to auth"
    {261009, 261009, kUnauthenticated},  // the browser did not answer
    {261010, 261010, kUnreachable},      // heartbeat
    {269001, 269004, kUnreachable},      // a certificate was revoked
    {390110, 390114, kUnreachable},      // the session is gone or has expired
    {390100, 390999, kUnauthenticated},
};

// By SQLSTATE or its class, which is how it begins.
struct State {
  absl::string_view text;
  Verdict verdict;
};
constexpr State kStates[] = {
    {"40001", kBusy},  // serialization failure
    {"40P01", kBusy},  // deadlock
    {"08", kUnreachable}, {"28", kUnauthenticated}, {"42501", kDenied},
};

Verdict Judge(const adbc::DriverError& error) {
  const bool is_cancelled =
      error.code == ADBC_STATUS_CANCELLED ||
      absl::StrContains(error.message, "context canceled");
  if (is_cancelled) return kCancelled;
  for (const Range& range : kNumbers) {
    if (range.first <= error.vendor_code && error.vendor_code <= range.last) {
      return range.verdict;
    }
  }
  for (const State& state : kStates) {
    if (absl::StartsWith(error.sqlstate, state.text)) return state.verdict;
  }
  if (error.vendor_code != 0 || !error.sqlstate.empty()) return kFailed;
  // Of a workload's own token, which the driver reads itself.
  if (absl::StrContains(error.message, "JWT claims")) return kUnauthenticated;
  return adbc::IsOfGosNetwork(error.message) ? kUnreachable : kFailed;
}

}  // namespace

absl::Status MapError(const adbc::DriverError& error) {
  return adbc::Judged(Judge(error), "Snowflake", error);
}

bool IsMissingObject(const absl::Status& status) {
  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  if (!details) return false;
  for (const auto& [key, value] : details->metadata) {
    if (key == "vendor_code" && (value == "2003" || value == "2043")) {
      return true;
    }
  }
  return false;
}

}  // namespace doppel::warehouse::snowflake

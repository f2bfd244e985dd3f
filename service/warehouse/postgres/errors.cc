#include "service/warehouse/postgres/errors.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/adbc/driver.h"
#include "service/warehouse/adbc/verdict.h"

namespace doppel::warehouse::postgres {
namespace {

using adbc::kBusy;
using adbc::kCancelled;
using adbc::kDenied;
using adbc::kFailed;
using adbc::kUnauthenticated;
using adbc::kUnreachable;
using adbc::Verdict;

constexpr absl::string_view kQueryCanceled = "57014";

struct Known {
  absl::string_view text;
  Verdict verdict;
};

// By the SQLSTATE or its class, which is how it begins.
constexpr Known kStates[] = {
    {"40001", kBusy},                              // serialization_failure
    {"40P01", kBusy},                              // deadlock_detected
    {"55P03", kBusy},                              // lock_not_available
    {"53300", kBusy},                              // too_many_connections
    {"57P01", kUnreachable},                       // admin_shutdown
    {"57P02", kUnreachable},                       // crash_shutdown
    {"57P03", kUnreachable},                       // cannot_connect_now
    {"08", kUnreachable},                          // connection exceptions
    {"28", kUnauthenticated}, {"42501", kDenied},  // insufficient_privilege
};

// The same for libpq's words on a connection that it could not make.
constexpr Known kWords[] = {
    {"too many clients", kBusy},
    {"too many connections", kBusy},
    {"connection slots are reserved", kBusy},
    {"authentication failed", kUnauthenticated},
    {"no password supplied", kUnauthenticated},
    {"no pg_hba.conf entry", kUnauthenticated},
    {"is not permitted to log in", kUnauthenticated},
    {"permission denied for database", kDenied},
    {"\" does not exist", kUnauthenticated},  // a role or a database
    {"connection to server", kUnreachable},
    {"could not ", kUnreachable},
};

Verdict JudgeState(absl::string_view state) {
  for (const Known& known : kStates) {
    if (absl::StartsWith(state, known.text)) return known.verdict;
  }
  return kFailed;
}

Verdict JudgeConnecting(absl::string_view message) {
  for (const Known& known : kWords) {
    if (absl::StrContains(message, known.text)) return known.verdict;
  }
  return kFailed;  // libpq does not take a parameter
}

Verdict Judge(const adbc::DriverError& error) {
  const bool is_cancelled =
      error.code == ADBC_STATUS_CANCELLED || error.sqlstate == kQueryCanceled;
  if (is_cancelled) {
    // What a time limit stopped has failed: nobody asked for its end.
    return absl::StrContains(error.message, "timeout") ? kFailed : kCancelled;
  }
  if (!error.sqlstate.empty()) return JudgeState(error.sqlstate);
  if (absl::StrContains(error.message, "Failed to connect: ")) {
    return JudgeConnecting(error.message);
  }
  // "no connection to the server", "server closed the connection"
  const bool is_lost = error.code == ADBC_STATUS_IO &&
                       absl::StrContains(error.message, "connection");
  return is_lost ? kUnreachable : kFailed;
}

}  // namespace

absl::Status MapError(const adbc::DriverError& error) {
  return adbc::Judged(Judge(error), "PostgreSQL", error);
}

}  // namespace doppel::warehouse::postgres

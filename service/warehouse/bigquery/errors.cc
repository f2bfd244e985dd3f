#include "service/warehouse/bigquery/errors.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/adbc/driver.h"
#include "service/warehouse/adbc/verdict.h"

namespace doppel::warehouse::bigquery {
namespace {

using adbc::kBusy;
using adbc::kCancelled;
using adbc::kDenied;
using adbc::kFailed;
using adbc::kUnauthenticated;
using adbc::kUnreachable;
using adbc::Verdict;

struct Known {
  absl::string_view text;
  Verdict verdict;
};

// Google's reasons: "googleapi: Error 403: ..., accessDenied", or, of a job,
// "{...; Reason: "accessDenied"}".
constexpr Known kReasons[] = {
    {"stopped", kCancelled},         {"rateLimitExceeded", kBusy},
    {"jobRateLimitExceeded", kBusy}, {"backendError", kBusy},
    {"jobBackendError", kBusy},      {"internalError", kBusy},
    {"jobInternalError", kBusy},     {"accessDenied", kDenied},
    {"forbidden", kDenied},          {"quotaExceeded", kFailed},
    {"billingNotEnabled", kFailed},  {"notFound", kFailed},
    {"invalidQuery", kFailed},       {"invalid", kFailed},
    {"duplicate", kFailed},          {"responseTooLarge", kFailed},
    {"authError", kUnauthenticated}, {"required", kUnauthenticated},
};

// Of logging in, before Google is asked for anything else.
constexpr Known kLoginWords[] = {
    {"could not find default credentials", kUnauthenticated},
    {"invalid_grant", kUnauthenticated},
    {"invalid_client", kUnauthenticated},
    {"unauthorized_client", kUnauthenticated},
    {"could not parse key", kUnauthenticated},
    {"constructing client", kUnauthenticated},
    {"Error 401", kUnauthenticated},
    {"status code 400", kUnauthenticated},
    {"status code 401", kUnauthenticated},
};

constexpr Known kHttp[] = {
    {"Error 403", kDenied}, {"Error 429", kBusy}, {"Error 500", kBusy},
    {"Error 502", kBusy},   {"Error 503", kBusy}, {"Error 504", kBusy},
};

Verdict Judge(const adbc::DriverError& error) {
  const absl::string_view message = error.message;
  for (const Known& known : kReasons) {
    if (absl::EndsWith(message, absl::StrCat(", ", known.text)) ||
        absl::StrContains(message,
                          absl::StrCat("Reason: \"", known.text, "\""))) {
      return known.verdict;
    }
  }
  for (const Known& known : kLoginWords) {
    if (absl::StrContains(message, known.text)) return known.verdict;
  }
  for (const Known& known : kHttp) {
    if (absl::StrContains(message, known.text)) return known.verdict;
  }
  if (adbc::IsOfGosNetwork(message)) return kUnreachable;
  const bool is_cancelled = error.code == ADBC_STATUS_CANCELLED ||
                            absl::StrContains(message, "context canceled");
  return is_cancelled ? kCancelled : kFailed;
}

}  // namespace

absl::Status MapError(const adbc::DriverError& error) {
  return adbc::Judged(Judge(error), "BigQuery", error);
}

bool IsMissingObject(const absl::Status& status) {
  return absl::EndsWith(status.message(), ", notFound") ||
         absl::StrContains(status.message(), "Reason: \"notFound\"");
}

}  // namespace doppel::warehouse::bigquery

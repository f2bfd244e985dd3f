#include "service/warehouse/bigquery/errors.h"

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::bigquery {
namespace {

absl::Status Map(const std::string& message) {
  return MapError({ADBC_STATUS_UNKNOWN, message, "", 0});
}

TEST(BigQueryErrorsTest, GoByGooglesReason) {
  struct Case {
    const char* message;
    Reason reason;
  };
  for (const Case& known : {
           Case{"googleapi: Error 404: Not found: Table p:d.t was not found "
                "in location US, notFound",
                Reason::kWarehouseStatementFailed},
           Case{"googleapi: Error 403: Access Denied: Table p:d.t: User does "
                "not have permission, accessDenied",
                Reason::kWarehousePermissionDenied},
           Case{"googleapi: Error 403: Exceeded rate limits, "
                "rateLimitExceeded",
                Reason::kWarehouseBusy},
           Case{"googleapi: Error 403: Quota exceeded: imports per table, "
                "quotaExceeded",
                Reason::kWarehouseStatementFailed},
           Case{"{Location: \"query\"; Message: \"Syntax error: x\"; Reason: "
                "\"invalidQuery\"}",
                Reason::kWarehouseStatementFailed},
           Case{"{Location: \"\"; Message: \"Job execution was cancelled\"; "
                "Reason: \"stopped\"}",
                Reason::kCancelled},
           Case{"googleapi: Error 409: Already Exists: Table p:d.t, duplicate",
                Reason::kWarehouseStatementFailed},
           Case{"googleapi: Error 503: try again later, backendError",
                Reason::kWarehouseBusy},
       }) {
    EXPECT_EQ(GetReason(Map(known.message)), known.reason) << known.message;
  }
}

TEST(BigQueryErrorsTest, GoByWordsWhereGoogleWasNotAsked) {
  EXPECT_EQ(GetReason(Map("[BigQuery] bigquery: constructing client: "
                          "credentials: could not find default credentials")),
            Reason::kWarehouseAuthenticationFailed);
  EXPECT_EQ(GetReason(Map("auth: cannot fetch token: 400 Response: "
                          "{\"error\":\"invalid_grant\"}")),
            Reason::kWarehouseAuthenticationFailed);
  EXPECT_EQ(GetReason(Map("ProjectID is empty")),
            Reason::kWarehouseStatementFailed);
}

TEST(BigQueryErrorsTest, WhatTheDriverMetLastCountsNotTheCancel) {
  EXPECT_EQ(GetReason(Map("[BigQuery] retry failed with context canceled; "
                          "last error: Post \"https://x\": dial tcp "
                          "127.0.0.1:1: connect: connection refused")),
            Reason::kWarehouseUnreachable);
  EXPECT_EQ(Map("[BigQuery] context canceled").code(),
            absl::StatusCode::kCancelled);
}

TEST(BigQueryErrorsTest, KnowWhatIsMissing) {
  EXPECT_TRUE(IsMissingObject(Map("Error 404: Not found: Dataset, notFound")));
  EXPECT_FALSE(IsMissingObject(Map("Error 409: Already Exists, duplicate")));
  EXPECT_FALSE(IsMissingObject(absl::OkStatus()));
}

}  // namespace
}  // namespace doppel::warehouse::bigquery

#include "service/warehouse/postgres/errors.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::postgres {
namespace {

constexpr auto kFailed = absl::StatusCode::kFailedPrecondition;
constexpr auto kUnavailable = absl::StatusCode::kUnavailable;

void ExpectMapped(const adbc::DriverError& error, absl::StatusCode code,
                  Reason reason) {
  const absl::Status status = MapError(error);
  EXPECT_EQ(status.code(), code) << error.sqlstate << error.message;
  EXPECT_EQ(GetReason(status), reason) << error.sqlstate << error.message;
  EXPECT_TRUE(absl::StrContains(status.message(), error.message)) << status;
}

void ExpectState(const std::string& state, absl::StatusCode code,
                 Reason reason) {
  ExpectMapped({ADBC_STATUS_IO, "ERROR:  some words", state}, code, reason);
}

// What libpq says of a connection that it could not make.
void ExpectConnecting(const std::string& words, absl::StatusCode code,
                      Reason reason) {
  ExpectMapped(
      {ADBC_STATUS_IO, absl::StrCat("[libpq] Failed to connect: ", words), ""},
      code, reason);
}

TEST(ErrorsTest, JudgesByTheSqlState) {
  ExpectState("42P01", kFailed, Reason::kWarehouseStatementFailed);
  ExpectState("2BP01", kFailed, Reason::kWarehouseStatementFailed);
  ExpectState("42501", kFailed, Reason::kWarehousePermissionDenied);
  ExpectState("28P01", kFailed, Reason::kWarehouseAuthenticationFailed);
  ExpectState("28000", kFailed, Reason::kWarehouseAuthenticationFailed);
  ExpectState("40001", kUnavailable, Reason::kWarehouseBusy);
  ExpectState("40P01", kUnavailable, Reason::kWarehouseBusy);
  ExpectState("55P03", kUnavailable, Reason::kWarehouseBusy);
  ExpectState("53300", kUnavailable, Reason::kWarehouseBusy);
  ExpectState("57P01", kUnavailable, Reason::kWarehouseUnreachable);
  ExpectState("08006", kUnavailable, Reason::kWarehouseUnreachable);
  ExpectState("57014", absl::StatusCode::kCancelled, Reason::kCancelled);
}

TEST(ErrorsTest, TellsATimeLimitFromACancel) {
  for (const char* const state : {"57014", ""}) {
    ExpectMapped({ADBC_STATUS_CANCELLED,
                  "ERROR:  canceling statement due to user request", state},
                 absl::StatusCode::kCancelled, Reason::kCancelled);
    ExpectMapped(
        {ADBC_STATUS_CANCELLED,
         "ERROR:  canceling statement due to statement timeout", state},
        kFailed, Reason::kWarehouseStatementFailed);
  }
}

TEST(ErrorsTest, JudgesAFailedConnectionByItsWords) {
  ExpectConnecting(
      "connection to server at \"10.0.0.1\", port 5432 failed: FATAL:  "
      "password authentication failed for user \"dbt\"",
      kFailed, Reason::kWarehouseAuthenticationFailed);
  ExpectConnecting(
      "connection to server at \"10.0.0.1\", port 5432 failed: FATAL:  "
      "database \"shop\" does not exist",
      kFailed, Reason::kWarehouseAuthenticationFailed);
  ExpectConnecting(
      "connection to server at \"10.0.0.1\", port 5432 failed: FATAL:  "
      "permission denied for database \"shop\"",
      kFailed, Reason::kWarehousePermissionDenied);
  ExpectConnecting(
      "connection to server at \"10.0.0.1\", port 5432 failed: FATAL:  "
      "sorry, too many clients already",
      kUnavailable, Reason::kWarehouseBusy);
  ExpectConnecting(
      "connection to server at \"127.0.0.1\", port 1 failed: Connection "
      "refused",
      kUnavailable, Reason::kWarehouseUnreachable);
  ExpectConnecting(
      "could not translate host name \"nowhere\" to address: Name or service "
      "not known",
      kUnavailable, Reason::kWarehouseUnreachable);
  ExpectConnecting("invalid sslmode value: \"perhaps\"", kFailed,
                   Reason::kWarehouseStatementFailed);
}

TEST(ErrorsTest, SeesThatTheConnectionIsGone) {
  ExpectMapped({ADBC_STATUS_IO,
                "Failed to prepare query: no connection to the server", ""},
               kUnavailable, Reason::kWarehouseUnreachable);
  ExpectMapped({ADBC_STATUS_INVALID_STATE, "odd", ""}, kFailed,
               Reason::kWarehouseStatementFailed);
}

TEST(ErrorsTest, KeepsTheSqlState) {
  const auto details =
      GetErrorDetails(MapError({ADBC_STATUS_NOT_FOUND, "no\n", "42P01"}));

  ASSERT_TRUE(details.has_value());
  ASSERT_EQ(details->metadata.size(), 1u);
  EXPECT_EQ(details->metadata[0].first, "sqlstate");
  EXPECT_EQ(details->metadata[0].second, "42P01");
}

}  // namespace
}  // namespace doppel::warehouse::postgres

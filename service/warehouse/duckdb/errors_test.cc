#include "service/warehouse/duckdb/errors.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::duckdb {
namespace {

absl::Status Mapped(const std::string& message) {
  return MapError({ADBC_STATUS_INTERNAL, message, ""});
}

void ExpectMapped(const std::string& message, absl::StatusCode code,
                  Reason reason) {
  const absl::Status status = Mapped(message);
  EXPECT_EQ(status.code(), code) << message;
  EXPECT_EQ(GetReason(status), reason) << message;
  EXPECT_TRUE(absl::StrContains(status.message(), message)) << status;
}

// The messages are those of DuckDB 1.5.6.
TEST(ErrorsTest, JudgesByTheFirstWords) {
  constexpr auto kFailed = absl::StatusCode::kFailedPrecondition;
  constexpr auto kUnavailable = absl::StatusCode::kUnavailable;
  ExpectMapped("Catalog Error: Table with name nope does not exist!", kFailed,
               Reason::kWarehouseStatementFailed);
  ExpectMapped("Parser Error: syntax error at or near \"selec\"", kFailed,
               Reason::kWarehouseStatementFailed);
  ExpectMapped("INTERRUPT Error: Interrupted!", absl::StatusCode::kCancelled,
               Reason::kCancelled);
  ExpectMapped(
      "IO Error: Could not set lock on file \"/x.db\": Conflicting lock is "
      "held in /usr/bin/python3 (PID 7)",
      kUnavailable, Reason::kWarehouseBusy);
  ExpectMapped(
      "TransactionContext Error: Catalog write-write conflict on create with "
      "\"x\"",
      kUnavailable, Reason::kWarehouseBusy);
  ExpectMapped(
      "TransactionContext Error: Current transaction is aborted (please "
      "ROLLBACK)",
      kFailed, Reason::kWarehouseStatementFailed);
  ExpectMapped("FATAL Error: Failed: database has been invalidated",
               kUnavailable, Reason::kWarehouseUnreachable);
  ExpectMapped("IO Error: Cannot open file \"/x.db\": Permission denied",
               kFailed, Reason::kWarehousePermissionDenied);
  ExpectMapped("No statements found", kFailed,
               Reason::kWarehouseStatementFailed);
}

TEST(ErrorsTest, KeepsDuckDbsType) {
  const auto details = GetErrorDetails(Mapped("Catalog Error: no"));

  ASSERT_TRUE(details.has_value());
  ASSERT_EQ(details->metadata.size(), 1u);
  EXPECT_EQ(details->metadata[0].first, "duckdb_error");
  EXPECT_EQ(details->metadata[0].second, "Catalog");
}

TEST(ErrorsTest, TellsAMissingFileFromAFailedStatement) {
  const absl::Status missing = Mapped(
      "IO Error: Cannot open file \"/no/x.db\": No such file or directory");

  EXPECT_EQ(GetReason(missing), Reason::kWarehouseStatementFailed);
  EXPECT_EQ(GetReason(MapOpenError(missing, "/no/x.db")),
            Reason::kWarehouseUnreachable);
  EXPECT_EQ(GetReason(MapOpenError(Mapped("IO Error: The file \"/x\" exists, "
                                          "but it is not a valid DuckDB "
                                          "database file!"),
                                   "/x")),
            Reason::kWarehouseStatementFailed);
}

}  // namespace
}  // namespace doppel::warehouse::duckdb

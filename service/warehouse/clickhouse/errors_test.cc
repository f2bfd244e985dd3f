#include "service/warehouse/clickhouse/errors.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::clickhouse {
namespace {

absl::Status Mapped(absl::string_view message) {
  return MapError({ADBC_STATUS_IO, std::string(message), ""});
}

void ExpectMapped(absl::string_view message, absl::StatusCode code,
                  Reason reason) {
  const absl::Status status = Mapped(message);
  EXPECT_EQ(status.code(), code) << message;
  EXPECT_EQ(GetReason(status), reason) << message;
  EXPECT_TRUE(absl::StrContains(status.message(), message)) << status;
}

// The messages are those of ClickHouse 26.7.
TEST(ErrorsTest, JudgesByTheNameAtTheEnd) {
  constexpr auto kFailed = absl::StatusCode::kFailedPrecondition;
  constexpr auto kUnavailable = absl::StatusCode::kUnavailable;
  ExpectMapped(
      "Code: 60. DB::Exception: Unknown table expression identifier "
      "'prod.nope' in scope SELECT * FROM prod.nope. (UNKNOWN_TABLE)",
      kFailed, Reason::kWarehouseStatementFailed);
  ExpectMapped(
      "Code: 394. DB::Exception: Query was cancelled. "
      "(QUERY_WAS_CANCELLED)",
      absl::StatusCode::kCancelled, Reason::kCancelled);
  ExpectMapped(
      "Code: 497. DB::Exception: default: Not enough privileges. "
      "(ACCESS_DENIED)",
      kFailed, Reason::kWarehousePermissionDenied);
  ExpectMapped(
      "Code: 164. DB::Exception: Cannot execute query in readonly "
      "mode. (READONLY)",
      kFailed, Reason::kWarehousePermissionDenied);
  ExpectMapped(
      "Code: 516. DB::Exception: default: Authentication failed. "
      "(AUTHENTICATION_FAILED)",
      kFailed, Reason::kWarehouseAuthenticationFailed);
  ExpectMapped(
      "Code: 252. DB::Exception: Too many parts (300). "
      "(TOO_MANY_PARTS)",
      kUnavailable, Reason::kWarehouseBusy);
  ExpectMapped(
      "Code: 210. DB::NetException: Connection refused "
      "(NETWORK_ERROR)",
      kUnavailable, Reason::kWarehouseUnreachable);
  ExpectMapped("no name at all", kFailed, Reason::kWarehouseStatementFailed);
}

TEST(ErrorsTest, TakesNoPartOfTheMessageForAName) {
  ExpectMapped(
      "Code: 62. DB::Exception: Syntax error: (ACCESS_DENIED) is no "
      "(word). (SYNTAX_ERROR)",
      absl::StatusCode::kFailedPrecondition, Reason::kWarehouseStatementFailed);
  EXPECT_EQ(GetReason(Mapped("what is this (ACCESS denied)")),
            Reason::kWarehouseStatementFailed);
}

TEST(ErrorsTest, KeepsClickHousesName) {
  const auto details = GetErrorDetails(
      Mapped("[chdb] Code: 57. DB::Exception: Table prod.t already exists. "
             "(TABLE_ALREADY_EXISTS)"));

  ASSERT_TRUE(details.has_value());
  ASSERT_EQ(details->metadata.size(), 1u);
  EXPECT_EQ(details->metadata[0].first, "clickhouse_error");
  EXPECT_EQ(details->metadata[0].second, "TABLE_ALREADY_EXISTS");
}

TEST(ErrorsTest, TellsAFolderInUseFromOneThatCannotBeOpened) {
  std::string folder = testing::TempDir() + "/chdb.XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const int file = open(absl::StrCat(folder, "/status").c_str(),
                        O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0);
  const absl::Status failed = Mapped("[chdb] chdb_connect failed");

  EXPECT_EQ(GetReason(MapOpenError(failed, folder)),
            Reason::kWarehouseUnreachable);
  ASSERT_EQ(flock(file, LOCK_EX), 0);
  EXPECT_EQ(GetReason(MapOpenError(failed, folder)), Reason::kWarehouseBusy);
  EXPECT_TRUE(MapOpenError(absl::OkStatus(), folder).ok());

  close(file);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace doppel::warehouse::clickhouse

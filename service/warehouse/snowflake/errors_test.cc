#include "service/warehouse/snowflake/errors.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::snowflake {
namespace {

absl::Status Map(int32_t vendor_code, const std::string& sqlstate,
                 const std::string& message = "words") {
  return MapError({ADBC_STATUS_INTERNAL, message, sqlstate, vendor_code});
}

TEST(SnowflakeErrorsTest, GoByNumber) {
  struct Case {
    int32_t number;
    const char* sqlstate;
    Reason reason;
  };
  for (const Case& known : {
           Case{604, "57014", Reason::kCancelled},
           Case{630, "57014", Reason::kWarehouseStatementFailed},
           Case{625, "57014", Reason::kWarehouseBusy},
           Case{606, "57P03", Reason::kWarehouseStatementFailed},
           Case{1003, "42000", Reason::kWarehouseStatementFailed},
           Case{2003, "42S02", Reason::kWarehouseStatementFailed},
           Case{3001, "42501", Reason::kWarehousePermissionDenied},
           Case{260002, "", Reason::kWarehouseAuthenticationFailed},
           Case{260008, "", Reason::kWarehouseUnreachable},
           Case{261004, "", Reason::kWarehouseAuthenticationFailed},
           Case{390100, "08004", Reason::kWarehouseAuthenticationFailed},
           Case{390110, "", Reason::kWarehouseUnreachable},
           Case{390114, "08001", Reason::kWarehouseUnreachable},
           Case{390115, "", Reason::kWarehouseAuthenticationFailed},
           Case{390144, "08001", Reason::kWarehouseAuthenticationFailed},
           Case{390189, "", Reason::kWarehouseAuthenticationFailed},
           Case{390318, "", Reason::kWarehouseAuthenticationFailed},
       }) {
    EXPECT_EQ(GetReason(Map(known.number, known.sqlstate)), known.reason)
        << known.number;
  }
}

TEST(SnowflakeErrorsTest, GoByStateWhereTheNumberIsUnknown) {
  EXPECT_EQ(GetReason(Map(7, "42501")), Reason::kWarehousePermissionDenied);
  EXPECT_EQ(GetReason(Map(0, "40001")), Reason::kWarehouseBusy);
  EXPECT_EQ(GetReason(Map(7, "08006")), Reason::kWarehouseUnreachable);
  EXPECT_EQ(GetReason(Map(7, "22000")), Reason::kWarehouseStatementFailed);
}

TEST(SnowflakeErrorsTest, GoByTheNetworksWordsWhereThereIsNeither) {
  EXPECT_EQ(GetReason(Map(0, "",
                          "Post x: dial tcp 127.0.0.1:1: connect: "
                          "connection refused")),
            Reason::kWarehouseUnreachable);
  EXPECT_EQ(GetReason(Map(0, "",
                          "timeout after 5s and 2 attempts. HTTP "
                          "Status: 500. Hanging?")),
            Reason::kWarehouseUnreachable);
  EXPECT_EQ(GetReason(Map(0, "",
                          "unable to extract JWT claims from token: token is "
                          "malformed")),
            Reason::kWarehouseAuthenticationFailed);
  EXPECT_EQ(GetReason(Map(0, "", "invalid option value")),
            Reason::kWarehouseStatementFailed);
  EXPECT_EQ(GetReason(Map(2003, "42S02", "Table 'DIAL TCP: EOF'")),
            Reason::kWarehouseStatementFailed);
}

TEST(SnowflakeErrorsTest, KnowACancel) {
  EXPECT_EQ(Map(0, "", "context canceled").code(),
            absl::StatusCode::kCancelled);
  EXPECT_EQ(MapError({ADBC_STATUS_CANCELLED, "x", "", 0}).code(),
            absl::StatusCode::kCancelled);
}

TEST(SnowflakeErrorsTest, KeepNumberAndState) {
  const absl::Status status = Map(2003, "42S02", "Table 'T' is missing\n");

  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  ASSERT_TRUE(details.has_value());
  using Pair = std::pair<std::string, std::string>;
  EXPECT_EQ(details->metadata, (std::vector<Pair>{{"sqlstate", "42S02"},
                                                  {"vendor_code", "2003"}}));
  EXPECT_EQ(status.message(), "Snowflake: Table 'T' is missing");
  EXPECT_TRUE(IsMissingObject(status));
  EXPECT_TRUE(IsMissingObject(Map(2043, "02000")));
  EXPECT_FALSE(IsMissingObject(Map(1003, "42000")));
  EXPECT_FALSE(IsMissingObject(absl::OkStatus()));
}

}  // namespace
}  // namespace doppel::warehouse::snowflake

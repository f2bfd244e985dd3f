// As far as BigQuery goes without an account: the driver is loaded and told
// who logs in, and meets a port of this machine where nobody listens.
#include "service/warehouse/bigquery/bigquery_warehouse.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/base/json_string.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"
#include "tests/support/rsa_keys.h"

namespace doppel::warehouse::bigquery {
namespace {

constexpr char kDriverDir[] = "../drivers";

class BigQueryWarehouseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status driver = CheckDriver(kDriverDir);
    if (!driver.ok()) GTEST_SKIP() << driver.message();
  }
};

// A service account whose tokens come from that port.
Credentials ServiceAccount(const std::string& private_key) {
  const std::string json = absl::StrCat(
      "{\"type\":\"service_account\",\"client_email\":\"x@p.iam\","
      "\"private_key_id\":\"k\",\"token_uri\":\"http://127.0.0.1:1/hunter2\","
      "\"private_key\":",
      JsonString(private_key), "}");
  Credentials credentials;
  credentials.project = "p";
  credentials.options = {{"adbc.bigquery.sql.project_id", "p"},
                         {"adbc.bigquery.sql.auth_type",
                          "adbc.bigquery.sql.auth_type.json_credential_string"},
                         {"bigquery.auth.credentials_type", "service_account"},
                         {"adbc.bigquery.sql.auth_credentials", json}};
  credentials.statement_options = {
      {"adbc.bigquery.sql.query.priority", "BATCH"}};
  credentials.statement_numbers = {
      {"adbc.bigquery.sql.query.max_bytes_billed", 1000},
      {"adbc.bigquery.sql.query.job_timeout", 1000}};
  credentials.connect_seconds = 2;
  credentials.secrets = {json, private_key, "hunter2"};
  return credentials;
}

TEST_F(BigQueryWarehouseTest, OpensWithoutAskingGoogle) {
  const auto warehouse = OpenBigQuery(
      ServiceAccount(doppel::testing::NewRsaKey("").pkcs8_pem), kDriverDir);

  ASSERT_TRUE(warehouse.ok()) << warehouse.status();
  EXPECT_EQ((*warehouse)->dialect().type(), "bigquery");
  EXPECT_EQ((*warehouse)->default_database(), "p");
}

TEST_F(BigQueryWarehouseTest, GivesUpInTimeSaysWhyAndTellsNoSecret) {
  const std::string key = doppel::testing::NewRsaKey("").pkcs8_pem;
  const auto warehouse = *OpenBigQuery(ServiceAccount(key), kDriverDir);
  const absl::Time began = absl::Now();

  const absl::Status refused = warehouse->Connect().status();

  EXPECT_LT(absl::Now() - began, absl::Seconds(60));
  EXPECT_EQ(GetReason(refused), Reason::kWarehouseUnreachable) << refused;
  EXPECT_TRUE(absl::StrContains(refused.message(), "connection refused"))
      << refused;
  EXPECT_FALSE(absl::StrContains(refused.ToString(), "hunter2")) << refused;
  EXPECT_FALSE(absl::StrContains(refused.ToString(), key.substr(100, 40)))
      << refused;
}

TEST_F(BigQueryWarehouseTest, SaysThatAKeyIsNone) {
  const absl::Status refused =
      (*OpenBigQuery(ServiceAccount("hunter2"), kDriverDir))
          ->Connect()
          .status();

  EXPECT_EQ(GetReason(refused), Reason::kWarehouseAuthenticationFailed)
      << refused;
  EXPECT_FALSE(absl::StrContains(refused.ToString(), "hunter2")) << refused;
}

TEST(BigQueryDriverTest, IsMissedWithWhatToDo) {
  EXPECT_EQ(GetReason(CheckDriver("/no/such/folder")),
            Reason::kWarehouseDriverMissing);
}

}  // namespace
}  // namespace doppel::warehouse::bigquery

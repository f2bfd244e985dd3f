#include "service/warehouse/connections.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse {
namespace {

constexpr absl::string_view kProfiles = R"(
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: ':memory:', schema: dev}
    prod: {type: duckdb, path: shop.db, schema: prod}
    cloud: {type: oracle, account: a, password: hunter2}
    query: {type: bigquery, method: oauth, project: shop-1, dataset: prod}
    shift: {type: redshift, host: h, user: u, password: hunter2,
            dbname: shop, schema: prod}
    flake: {type: snowflake, account: a, user: u, password: hunter2,
            database: shop, host: 127.0.0.1, port: 1, protocol: http,
            connect_timeout: 1}
    pg: {type: postgres, host: /no/such/folder, user: u, password: hunter2,
         dbname: shop, schema: prod}
    broken: {type: duckdb, path: "{{ env_var('DOPPEL_TEST_NOWHERE') }}"}
)";

class ConnectionsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/connections.XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    options_.profiles_dir = folder_;
    options_.driver_dir = "../drivers";
    Write(kProfiles);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(absl::string_view text) const {
    std::ofstream(folder_ + "/profiles.yml") << text;
  }

  std::string folder_;
  ConnectionsOptions options_;
};

void ExpectReason(const absl::Status& status, Reason reason,
                  absl::string_view part) {
  EXPECT_EQ(GetReason(status), reason) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), part)) << status;
}

TEST_F(ConnectionsTest, ListsAll) {
  const auto listed = Connections(options_).List();

  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->size(), 8u);
  EXPECT_EQ((*listed)[0].name, "shop/broken");
  EXPECT_EQ((*listed)[1].name, "shop/cloud");
  EXPECT_EQ((*listed)[1].type, "oracle");
}

TEST_F(ConnectionsTest, OpensTheSameWarehouseAgain) {
  Connections connections(options_);
  const auto first = connections.Open("shop");
  ASSERT_TRUE(first.ok()) << first.status();
  const auto made = (*first)->Connect();
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_TRUE((*made)->Execute("create table t(x int)", {}).ok());

  const auto again = connections.Open("shop/dev");

  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*first, *again);
  EXPECT_TRUE((*(*again)->Connect())->Query("select x from t", {}).ok());
}

TEST_F(ConnectionsTest, OpensPostgresWithoutAskingItsServer) {
  Connections connections(options_);

  const auto warehouse = connections.Open("shop/pg");

  ASSERT_TRUE(warehouse.ok()) << warehouse.status();
  EXPECT_EQ((*warehouse)->dialect().type(), "postgres");
  EXPECT_EQ((*warehouse)->default_database(), "shop");
  EXPECT_EQ(*connections.Open("shop/pg"), *warehouse);
  ExpectReason((*warehouse)->Connect().status(), Reason::kWarehouseUnreachable,
               "/no/such/folder");
}

TEST_F(ConnectionsTest, OpensRedshiftAndBigQueryWithoutAskingTheirServers) {
  Connections connections(options_);

  const auto redshift = connections.Open("shop/shift");
  ASSERT_TRUE(redshift.ok()) << redshift.status();
  EXPECT_EQ((*redshift)->dialect().type(), "redshift");
  EXPECT_EQ((*redshift)->default_database(), "shop");
  if (!connections.UnavailableCause("bigquery").empty()) {
    GTEST_SKIP() << connections.UnavailableCause("bigquery");
  }
  const auto bigquery = connections.Open("shop/query");
  ASSERT_TRUE(bigquery.ok()) << bigquery.status();
  EXPECT_EQ((*bigquery)->dialect().type(), "bigquery");
  EXPECT_EQ((*bigquery)->default_database(), "shop-1");
}

TEST_F(ConnectionsTest, OpensSnowflakeWithoutAskingItsServer) {
  Connections connections(options_);
  if (!connections.UnavailableCause("snowflake").empty()) {
    GTEST_SKIP() << connections.UnavailableCause("snowflake");
  }

  const auto warehouse = connections.Open("shop/flake");

  ASSERT_TRUE(warehouse.ok()) << warehouse.status();
  EXPECT_EQ((*warehouse)->dialect().type(), "snowflake");
  EXPECT_EQ((*warehouse)->default_database(), "SHOP");
  const absl::Status refused = (*warehouse)->Connect().status();
  ExpectReason(refused, Reason::kWarehouseUnreachable, "127.0.0.1:1");
  EXPECT_FALSE(absl::StrContains(refused.ToString(), "hunter2"));
}

TEST_F(ConnectionsTest, OpensClickHouseInItsOwnProcess) {
  Write(
      "shop: {target: ch, outputs: {ch: {type: clickhouse, driver: chdb, "
      "path: /no/such/folder/x}, server: {type: clickhouse, host: h}}}");
  Connections connections(options_);
  ExpectReason(connections.Open("shop/server").status(),
               Reason::kWarehouseUnsupported, "driver: chdb");
  if (!connections.UnavailableCause("clickhouse").empty()) {
    GTEST_SKIP() << connections.UnavailableCause("clickhouse");
  }

  const auto warehouse = connections.Open("shop/ch");

  ASSERT_TRUE(warehouse.ok()) << warehouse.status();
  EXPECT_EQ((*warehouse)->dialect().type(), "clickhouse");
  EXPECT_EQ((*warehouse)->default_database(), "");
  EXPECT_EQ(*connections.Open("shop/ch"), *warehouse);
  ExpectReason((*warehouse)->Connect().status(), Reason::kWarehouseUnreachable,
               "/no/such/folder/x");
}

TEST_F(ConnectionsTest, MayEndBeforeItsWarehouses) {
  std::shared_ptr<Warehouse> warehouse;
  {
    Connections connections(options_);
    warehouse = *connections.Open("shop/dev");
  }

  EXPECT_TRUE(warehouse->Connect().ok());
  EXPECT_EQ(warehouse->default_database(), "memory");
  EXPECT_EQ(warehouse->dialect().type(), "duckdb");
}

TEST_F(ConnectionsTest, SeesThatTheFileHasChanged) {
  Connections connections(options_);
  const auto before = connections.Open("shop/dev");
  ASSERT_EQ(connections.Open("shop/new").status().code(),
            absl::StatusCode::kNotFound);

  Write(absl::StrCat(kProfiles, "    new: {type: duckdb, path: n.db}\n"));

  EXPECT_TRUE(connections.Open("shop/new").ok());
  EXPECT_EQ(*connections.Open("shop/dev"), *before);
}

TEST_F(ConnectionsTest, TakesRelativePathsFromTheProject) {
  std::ofstream(folder_ + "/dbt_project.yml") << "name: shop\n";
  Connections connections(options_);
  const auto warehouse = connections.Open("shop/prod");
  ASSERT_TRUE(warehouse.ok()) << warehouse.status();

  ASSERT_TRUE((*warehouse)->Connect().ok());

  EXPECT_TRUE(std::filesystem::exists(folder_ + "/shop.db"));
}

TEST_F(ConnectionsTest, NamesWhatItCannotOpen) {
  Connections connections(options_);

  ExpectReason(connections.Open("shop/cloud").status(),
               Reason::kWarehouseUnsupported, "on oracle");
  ExpectReason(connections.Open("shop/none").status(),
               Reason::kConnectionNotFound, "shop/prod");
  ExpectReason(connections.Open("shop/broken").status(),
               Reason::kProfilesInvalid, "DOPPEL_TEST_NOWHERE");
  EXPECT_FALSE(absl::StrContains(
      connections.Open("shop/cloud").status().ToString(), "hunter2"));
}

TEST_F(ConnectionsTest, KnowsTypesWithoutRendering) {
  Connections connections(options_);

  EXPECT_EQ(*connections.TypeOf("shop/broken"), "duckdb");
  EXPECT_EQ(*connections.TypeOf("shop/cloud"), "oracle");
  EXPECT_EQ(*connections.TypeOf("shop"), "duckdb");
  ExpectReason(connections.TypeOf("shop/none").status(),
               Reason::kConnectionNotFound, "shop/none");
}

TEST_F(ConnectionsTest, ServesWithoutProfiles) {
  std::filesystem::remove(folder_ + "/profiles.yml");
  Connections connections(options_);

  EXPECT_TRUE(connections.List()->empty());
  ExpectReason(connections.Open("shop").status(), Reason::kConnectionNotFound,
               folder_);
}

TEST_F(ConnectionsTest, SaysThatTheFileIsBrokenOrEmpty) {
  Connections connections(options_);
  Write("");
  ExpectReason(connections.List().status(), Reason::kProfilesInvalid,
               "is empty");
  Write("a: [");
  ExpectReason(connections.Open("shop").status(), Reason::kProfilesInvalid,
               "not valid YAML");
  Write(kProfiles);
  EXPECT_TRUE(connections.List().ok());
}

TEST_F(ConnectionsTest, SaysWhyATypeIsUnavailable) {
  EXPECT_EQ(Connections(options_).UnavailableCause("duckdb"), "");
  EXPECT_EQ(Connections(options_).UnavailableCause("postgres"), "");
  EXPECT_TRUE(absl::StrContains(
      Connections(options_).UnavailableCause("oracle"), "duckdb"));
  EXPECT_EQ(Connections(options_).UnavailableCause("redshift"), "");
  for (const char* const type : {"athena", "fabric", "sqlserver", "trino"}) {
    EXPECT_TRUE(absl::StrContains(Connections(options_).UnavailableCause(type),
                                  "has an ADBC driver of"))
        << Connections(options_).UnavailableCause(type);
  }
  options_.driver_dir = "/no/such/folder";
  for (const char* const type : {"bigquery", "redshift", "snowflake"}) {
    EXPECT_TRUE(absl::StrContains(Connections(options_).UnavailableCause(type),
                                  "/no/such/folder"));
  }
  EXPECT_TRUE(absl::StrContains(
      Connections(options_).UnavailableCause("postgres"), "/no/such/folder"));
  EXPECT_TRUE(absl::StrContains(
      Connections(options_).UnavailableCause("duckdb"), "/no/such/folder"));
  ExpectReason(Connections(options_).Open("shop/dev").status(),
               Reason::kWarehouseDriverMissing, "tools/setup");
}

}  // namespace
}  // namespace doppel::warehouse

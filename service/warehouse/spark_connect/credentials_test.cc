#include "service/warehouse/spark_connect/credentials.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::spark_connect {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

absl::StatusOr<Credentials> Read(absl::string_view values,
                                 std::optional<std::string> remote = {}) {
  const auto profiles = profiles::Profiles::Parse(
      absl::StrCat("shop:\n  target: prod\n  outputs:\n    prod: {", values,
                   "}\n"),
      "profiles.yml");
  if (!profiles.ok()) return profiles.status();
  const profiles::Variables variables = [&](absl::string_view name) {
    return name == "SPARK_REMOTE" ? remote : std::nullopt;
  };
  const auto target = profiles->Get("shop/prod", variables);
  if (!target.ok()) return target.status();
  return ReadCredentials(*target, variables);
}

absl::StatusOr<Credentials> ReadRemote(absl::string_view remote) {
  return Read(absl::StrCat("type: spark, spark_remote: \"", remote, "\""));
}

void ExpectRefused(const absl::StatusOr<Credentials>& read, Reason reason,
                   absl::string_view what) {
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetReason(read.status()), reason) << read.status();
  EXPECT_TRUE(absl::StrContains(read.status().message(), what))
      << read.status();
}

TEST(SparkCredentials, ReadsAConnectionString) {
  const auto read = ReadRemote(
      "sc://spark.example.com:7077/;use_ssl=true;user_id=ann;"
      "X-Team=data%20ops;token=secret");

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->type, "spark");
  EXPECT_EQ(read->address, "spark.example.com:7077");
  EXPECT_TRUE(read->uses_tls);
  EXPECT_EQ(read->user, "ann");
  EXPECT_EQ(read->database, "");
  EXPECT_EQ(read->headers, (Headers{{"x-team", "data ops"},
                                    {"authorization", "Bearer secret"}}));
  EXPECT_EQ(read->connect_timeout, absl::Seconds(10));
}

TEST(SparkCredentials, TakesSparksOwnPortAndAnOpenLine) {
  for (const auto& [remote, address] :
       Headers{{"sc://localhost", "localhost:15002"},
               {"sc://localhost/", "localhost:15002"},
               {"sc://[::1]", "[::1]:15002"},
               {"sc://[::1]:9", "[::1]:9"}}) {
    const auto read = ReadRemote(remote);
    ASSERT_TRUE(read.ok()) << remote << ": " << read.status();
    EXPECT_EQ(read->address, address);
    EXPECT_FALSE(read->uses_tls);
  }
}

TEST(SparkCredentials, ATokenGoesOverAnOpenLineToThisMachineAlone) {
  EXPECT_TRUE(ReadRemote("sc://far:1/;token=t")->uses_tls);
  EXPECT_TRUE(ReadRemote("sc://far:1/;token=t;use_ssl=false")->uses_tls);
  EXPECT_FALSE(ReadRemote("sc://localhost:1/;token=t")->uses_tls);
  EXPECT_FALSE(ReadRemote("sc://127.0.0.1:1/;token=t")->uses_tls);
}

TEST(SparkCredentials, WhatMayBeASecretIsOne) {
  const auto read = ReadRemote("sc://h:1/;token=one;x-key=two");

  ASSERT_TRUE(read.ok()) << read.status();
  const std::string said = profiles::Redacted("one two", read->secrets);
  EXPECT_EQ(said, "***** *****");
}

TEST(SparkCredentials, FallsBackOnSparksVariable) {
  const auto read = Read("type: spark, host: ignored", "sc://there:5");

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->address, "there:5");
}

TEST(SparkCredentials, SaysWhatIsWrongWithAConnectionString) {
  ExpectRefused(Read("type: spark, method: thrift, host: h"),
                Reason::kProfilesInvalid, "spark_remote");
  for (const auto& [remote, what] :
       Headers{{"http://h:1", "sc://"},
               {"sc://", "no host"},
               {"sc://h:0", "port"},
               {"sc://h:70000", "port"},
               {"sc://h:x", "port"},
               {"sc://h/;use_ssl", "key=value"},
               {"sc://h/;=x", "key=value"},
               {"sc://h/;use_ssl=maybe", "use_ssl"}}) {
    ExpectRefused(ReadRemote(remote), Reason::kProfilesInvalid, what);
  }
}

TEST(SparkCredentials, KeepsWhatIsNoEscape) {
  EXPECT_EQ(ReadRemote("sc://h/;x-a=100%;x-b=%zz;x-c=%2")->headers,
            (Headers{{"x-a", "100%"}, {"x-b", "%zz"}, {"x-c", "%2"}}));
}

TEST(SparkCredentials, ReadsTheTimeToConnect) {
  constexpr absl::string_view kRest =
      "type: spark, spark_remote: \"sc://h\", connect_timeout: ";
  EXPECT_EQ(Read(absl::StrCat(kRest, "1"))->connect_timeout, absl::Seconds(1));
  for (const char* const wrong : {"0", "-1", "soon"}) {
    ExpectRefused(Read(absl::StrCat(kRest, wrong)), Reason::kProfilesInvalid,
                  "connect_timeout");
  }
}

TEST(DatabricksCredentials, ReadsACluster) {
  const auto read = Read(
      "type: databricks, host: dbc.example.com, token: secret, catalog: main, "
      "http_path: sql/protocolv1/o/123/0801-abc");

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->type, "databricks");
  EXPECT_EQ(read->address, "dbc.example.com:443");
  EXPECT_TRUE(read->uses_tls);
  EXPECT_EQ(read->database, "main");
  EXPECT_EQ(read->headers, (Headers{{"authorization", "Bearer secret"},
                                    {"x-databricks-cluster-id", "0801-abc"}}));
}

TEST(DatabricksCredentials, SaysWhatCannotBe) {
  ExpectRefused(Read("type: databricks, token: t, http_path: p"),
                Reason::kProfilesInvalid, "host");
  ExpectRefused(Read("type: databricks, host: h, http_path: p"),
                Reason::kProfilesInvalid, "token");
  ExpectRefused(Read("type: databricks, host: h, token: t"),
                Reason::kProfilesInvalid, "http_path");
  ExpectRefused(Read("type: databricks, host: h, token: t, http_path: "
                     "/sql/1.0/warehouses/abc"),
                Reason::kWarehouseUnsupported, "SQL warehouses");
  ExpectRefused(Read("type: databricks, host: h, auth_type: oauth"),
                Reason::kWarehouseUnsupported, "auth_type");
}

}  // namespace
}  // namespace doppel::warehouse::spark_connect

#include "service/warehouse/postgres/credentials.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::postgres {
namespace {

// `yaml`: the members of a flow mapping, "host: h, user: u".
absl::StatusOr<Credentials> Read(absl::string_view yaml) {
  const auto profiles = profiles::Profiles::Parse(
      absl::StrCat("p: {outputs: {t: {type: postgres, ", yaml, "}}}"),
      "profiles.yml");
  EXPECT_TRUE(profiles.ok()) << profiles.status();
  const auto target =
      profiles->Get("p/t", [](absl::string_view) { return std::nullopt; });
  EXPECT_TRUE(target.ok()) << target.status();
  return ReadCredentials(*target);
}

void ExpectRefused(absl::string_view yaml, absl::string_view key) {
  const absl::Status status = Read(yaml).status();
  EXPECT_EQ(GetReason(status), Reason::kProfilesInvalid) << yaml << status;
  EXPECT_TRUE(absl::StrContains(status.message(), absl::StrCat("key ", key)))
      << status;
}

constexpr absl::string_view kOptions =
    "options='-c client_min_messages=warning -c "
    "standard_conforming_strings=on";

TEST(CredentialsTest, ReadsWhatDbtNeeds) {
  const auto read = Read(
      "host: db.example, user: dbt, password: pw, port: 6543, "
      "dbname: shop, schema: prod, threads: 4");

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->database, "shop");
  EXPECT_EQ(read->role, "");
  EXPECT_EQ(read->secrets, std::vector<std::string>{"pw"});
  EXPECT_EQ(ConnectionString(*read),
            absl::StrCat("host='db.example' user='dbt' dbname='shop' "
                         "password='pw' port='6543' connect_timeout='10' "
                         "application_name='doppel' ",
                         kOptions, "'"));
}

TEST(CredentialsTest, ReadsWhatElseDbtKnows) {
  const auto read = Read(
      "host: h, user: u, pass: pw, database: d, role: owner, connect_timeout: "
      "3, keepalives_idle: 9, sslmode: require, sslcert: c, sslkey: k, "
      "sslrootcert: r, application_name: ci, search_path: 'a, b'");

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->role, "owner");
  EXPECT_EQ(ConnectionString(*read),
            absl::StrCat("host='h' user='u' dbname='d' password='pw' "
                         "port='5432' connect_timeout='3' keepalives_idle='9' "
                         "sslmode='require' sslcert='c' sslkey='k' "
                         "sslrootcert='r' application_name='ci' ",
                         kOptions, " -c search_path=a,\\\\ b'"));
}

TEST(CredentialsTest, LetsNoValueEndItsQuotes) {
  const auto read =
      Read("host: h, user: u, dbname: d, password: \"a' b\\\\c\"");

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(
      absl::StrContains(ConnectionString(*read), "password='a\\' b\\\\c'"))
      << ConnectionString(*read);
}

TEST(CredentialsTest, TakesZeroKeepalivesForTheSystemsNumber) {
  EXPECT_FALSE(absl::StrContains(
      ConnectionString(
          *Read("host: h, user: u, dbname: d, keepalives_idle: 0")),
      "keepalives"));
}

TEST(CredentialsTest, NamesTheKeyThatIsWrong) {
  ExpectRefused("user: u, dbname: d", "host");
  ExpectRefused("host: h, dbname: d", "user");
  ExpectRefused("host: h, user: u", "dbname");
  ExpectRefused("host: h, user: u, dbname: d, port: x", "port");
  ExpectRefused("host: h, user: u, dbname: d, port: 65536", "port");
  ExpectRefused("host: h, user: u, dbname: d, connect_timeout: -1",
                "connect_timeout");
}

}  // namespace
}  // namespace doppel::warehouse::postgres

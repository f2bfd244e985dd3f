#include "service/warehouse/redshift/credentials.h"

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

namespace doppel::warehouse::redshift {
namespace {

absl::StatusOr<Credentials> Read(absl::string_view yaml) {
  const auto profiles = profiles::Profiles::Parse(
      absl::StrCat("p: {outputs: {t: {type: redshift, ", yaml, "}}}"),
      "profiles.yml");
  EXPECT_TRUE(profiles.ok()) << profiles.status();
  const auto target =
      profiles->Get("p/t", [](absl::string_view) { return std::nullopt; });
  EXPECT_TRUE(target.ok()) << target.status();
  return ReadCredentials(*target);
}

void ExpectRefused(absl::string_view yaml, absl::string_view key,
                   Reason reason = Reason::kProfilesInvalid) {
  const absl::Status status = Read(yaml).status();
  EXPECT_EQ(GetReason(status), reason) << yaml << status;
  EXPECT_TRUE(absl::StrContains(status.message(), absl::StrCat("key ", key)))
      << status;
}

TEST(RedshiftCredentialsTest, ReadsWhatDbtNeeds) {
  const auto read = Read("host: h, user: u, password: pw, dbname: Shop");

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->server.database, "shop");
  EXPECT_EQ(read->server.secrets, std::vector<std::string>{"pw"});
  EXPECT_EQ(postgres::ConnectionString(read->server),
            "host='h' user='u' password='pw' dbname='Shop' port='5439' "
            "connect_timeout='10' application_name='doppel'");
}

TEST(RedshiftCredentialsTest, ReadsWhatElseDbtKnows) {
  const auto read = Read(
      "method: database, host: h, user: u, pass: pw, database: d, port: 1, "
      "connect_timeout: 3, tcp_keepalive: false, tcp_keepalive_idle: 4, "
      "tcp_keepalive_interval: 5, tcp_keepalive_count: 6, sslmode: require, "
      "role: owner, query_group: \"it's\"");

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(postgres::ConnectionString(read->server),
            "host='h' user='u' password='pw' dbname='d' port='1' "
            "connect_timeout='3' keepalives_idle='4' keepalives_interval='5' "
            "keepalives_count='6' keepalives='0' sslmode='require' "
            "application_name='doppel'");
  EXPECT_EQ(read->setup, (std::vector<std::string>{
                             "set role owner", "set query_group to 'it''s'"}));
}

TEST(RedshiftCredentialsTest, NamesTheKeyThatIsWrong) {
  ExpectRefused("user: u, password: p, dbname: d", "host");
  ExpectRefused("host: h, password: p, dbname: d", "user");
  ExpectRefused("host: h, user: u, dbname: d", "password");
  ExpectRefused("host: h, user: u, password: p", "dbname");
  ExpectRefused("host: h, user: u, password: p, dbname: d, port: 65536",
                "port");
  ExpectRefused(
      "host: h, user: u, password: p, dbname: d, "
      "connect_timeout: -1",
      "connect_timeout");
}

TEST(RedshiftCredentialsTest, RefusesToAskAwsForCredentials) {
  for (const absl::string_view method :
       {"iam", "iam_role", "browser_identity_center",
        "oauth_token_identity_center"}) {
    ExpectRefused(absl::StrCat("host: h, user: u, dbname: d, method: ", method),
                  "method", Reason::kWarehouseUnsupported);
  }
}

}  // namespace
}  // namespace doppel::warehouse::redshift

#include "service/warehouse/snowflake/credentials.h"

#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/warehouse/profiles/profiles.h"
#include "service/warehouse/snowflake/private_key.h"
#include "tests/support/rsa_keys.h"

namespace doppel::warehouse::snowflake {
namespace {

using Options = adbc::Database::Options;

constexpr absl::string_view kHere = "account: a_b, user: u, database: shop, ";

// `yaml`: the members of a flow mapping, "account: a, user: u".
absl::StatusOr<Credentials> Read(absl::string_view yaml,
                                 absl::string_view folder = "/") {
  const auto profiles = profiles::Profiles::Parse(
      absl::StrCat("p: {outputs: {t: {type: snowflake, ", yaml, "}}}"),
      "profiles.yml");
  EXPECT_TRUE(profiles.ok()) << profiles.status();
  const auto target =
      profiles->Get("p/t", [](absl::string_view) { return std::nullopt; });
  EXPECT_TRUE(target.ok()) << target.status();
  return ReadCredentials(*target, folder);
}

// In a flow mapping's quotes.
std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\n", "\\n"}}), "\"");
}

// What the driver is told of who logs in, sorted and without its prefixes.
Options Login(absl::string_view yaml, absl::string_view folder = "/") {
  const auto read = Read(absl::StrCat(kHere, yaml), folder);
  EXPECT_TRUE(read.ok()) << read.status();
  Options login;
  if (!read.ok()) return login;
  for (const auto& [key, value] : read->options) {
    const std::string option =
        absl::StrReplaceAll(key, {{"adbc.snowflake.sql.client_option.", ""},
                                  {"adbc.snowflake.sql.", ""}});
    for (const absl::string_view word :
         {"username", "password", "auth", "okta", "jwt", "identity"}) {
      if (!absl::StartsWith(option, word)) continue;
      login.emplace_back(option, value);
      break;
    }
  }
  std::sort(login.begin(), login.end());
  return login;
}

void ExpectRefused(absl::string_view yaml, absl::string_view key,
                   Reason reason = Reason::kProfilesInvalid) {
  const absl::Status status = Read(yaml).status();
  EXPECT_EQ(GetReason(status), reason) << yaml << status;
  EXPECT_TRUE(absl::StrContains(status.message(), absl::StrCat("key ", key)))
      << status;
  EXPECT_FALSE(absl::StrContains(status.ToString(), "hunter2")) << status;
}

TEST(CredentialsTest, ReadsWhatDbtNeeds) {
  const auto read = Read(
      "account: my_org-x, user: u, password: pw, database: shop, schema: dev, "
      "warehouse: wh, role: r, threads: 4");

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->database, "SHOP");
  EXPECT_EQ(read->secrets, std::vector<std::string>{"pw"});
  EXPECT_EQ(read->options,
            (Options{
                {"adbc.snowflake.sql.account", "my-org-x"},
                {"adbc.snowflake.sql.db", "shop"},
                {"adbc.snowflake.sql.schema", "dev"},
                {"adbc.snowflake.sql.warehouse", "wh"},
                {"adbc.snowflake.sql.role", "r"},
                {"username", "u"},
                {"adbc.snowflake.sql.auth_type", "auth_snowflake"},
                {"password", "pw"},
                {"adbc.snowflake.sql.client_option.login_timeout", "30s"},
                {"adbc.snowflake.sql.client_option.request_timeout", "30s"},
                {"adbc.snowflake.sql.client_option.app_name", "doppel"},
                {"adbc.snowflake.sql.client_option.disable_telemetry", "true"},
            }));
}

TEST(CredentialsTest, ReadsWhereTheServerIsAndWhatASessionHas) {
  const auto read = Read(
      absl::StrCat(kHere,
                   "password: pw, host: h.example, port: 8443, protocol: HTTP, "
                   "insecure_mode: true, client_session_keep_alive: yes, "
                   "connect_timeout: 86400, query_tag: nightly"));

  ASSERT_TRUE(read.ok()) << read.status();
  const auto has = [&](absl::string_view key, absl::string_view value) {
    return std::count(read->options.begin(), read->options.end(),
                      std::pair(std::string(key), std::string(value))) == 1;
  };
  EXPECT_TRUE(has("adbc.snowflake.sql.uri.host", "h.example"));
  EXPECT_TRUE(has("adbc.snowflake.sql.uri.port", "8443"));
  EXPECT_TRUE(has("adbc.snowflake.sql.uri.protocol", "http"));
  EXPECT_TRUE(has("adbc.snowflake.sql.client_option.tls_skip_verify", "true"));
  EXPECT_TRUE(
      has("adbc.snowflake.sql.client_option.keep_session_alive", "true"));
  EXPECT_TRUE(has("adbc.snowflake.sql.client_option.login_timeout", "86400s"));
  EXPECT_TRUE(has("QUERY_TAG", "nightly"));
}

TEST(CredentialsTest, SpellsTheDatabaseAsTheCatalogDoes) {
  EXPECT_EQ(Read("account: a, user: u, password: p, database: Shop")->database,
            "SHOP");
  EXPECT_EQ(Read("account: a, user: u, password: p, database: '\"Sh\"\"op\"'")
                ->database,
            "Sh\"op");
}

TEST(CredentialsTest, LogsInWithAPassword) {
  EXPECT_EQ(Login("password: pw"), (Options{{"auth_type", "auth_snowflake"},
                                            {"password", "pw"},
                                            {"username", "u"}}));
  EXPECT_EQ(Login("password: pw, authenticator: snowflake"),
            Login("password: pw"));
  EXPECT_EQ(
      Login("password: pw, authenticator: username_password_mfa"),
      (Options{
          {"auth_type", "auth_mfa"}, {"password", "pw"}, {"username", "u"}}));
}

TEST(CredentialsTest, LogsInWithABrowserOrOkta) {
  EXPECT_EQ(Login("authenticator: externalbrowser"),
            (Options{{"auth_type", "auth_ext_browser"}, {"username", "u"}}));
  EXPECT_EQ(Login("password: pw, authenticator: 'https://x.okta.com'"),
            (Options{{"auth_type", "auth_okta"},
                     {"okta_url", "https://x.okta.com"},
                     {"password", "pw"},
                     {"username", "u"}}));
}

TEST(CredentialsTest, LogsInWithTokens) {
  EXPECT_EQ(Login("authenticator: oauth, token: tk"),
            (Options{{"auth_token", "tk"},
                     {"auth_type", "auth_oauth"},
                     {"username", "u"}}));
  EXPECT_EQ(Login("authenticator: jwt, token: tk"),
            Login("authenticator: oauth, token: tk"));
  EXPECT_EQ(
      Login("authenticator: programmatic_access_token, token: tk"),
      (Options{
          {"auth_token", "tk"}, {"auth_type", "auth_pat"}, {"username", "u"}}));
  EXPECT_EQ(
      Read("account: a, database: d, authenticator: oauth, token: tk")->secrets,
      std::vector<std::string>{"tk"});
}

TEST(CredentialsTest, LogsInAsAWorkload) {
  EXPECT_EQ(Login("authenticator: Workload_Identity, "
                  "workload_identity_provider: oidc, token: tk"),
            (Options{{"auth_token", "tk"},
                     {"auth_type", "auth_wif"},
                     {"identity_provider", "OIDC"},
                     {"username", "u"}}));
  EXPECT_EQ(Login("authenticator: workload_identity, "
                  "workload_identity_provider: AWS"),
            (Options{{"auth_type", "auth_wif"},
                     {"identity_provider", "AWS"},
                     {"username", "u"}}));
}

TEST(CredentialsTest, LogsInWithAKeyInAnyForm) {
  const auto key = doppel::testing::NewRsaKey("open sesame");
  const Options expected = {{"auth_type", "auth_jwt"},
                            {"jwt_private_key_pkcs8_value", key.pkcs8_pem},
                            {"username", "u"}};

  for (const std::string& form :
       {key.pkcs1_pem, key.pkcs8_pem, key.der_base64}) {
    EXPECT_EQ(Login("private_key: " + Quoted(form)), expected);
  }
  for (const std::string& form :
       {key.encrypted_pem, key.encrypted_der_base64}) {
    EXPECT_EQ(Login(absl::StrCat("private_key_passphrase: open sesame, "
                                 "authenticator: snowflake_jwt, private_key: ",
                                 Quoted(form))),
              expected);
  }
}

TEST(CredentialsTest, LogsInWithAKeysFile) {
  const auto key = doppel::testing::NewRsaKey("open sesame");
  const std::string folder = ::testing::TempDir();
  std::ofstream(folder + "/key.p8") << key.encrypted_pem;
  const std::string yaml =
      "private_key_passphrase: open sesame, private_key_path: ";
  const Options expected = {{"auth_type", "auth_jwt"},
                            {"jwt_private_key_pkcs8_value", key.pkcs8_pem},
                            {"username", "u"}};

  EXPECT_EQ(Login(yaml + "key.p8", folder), expected);
  EXPECT_EQ(Login(yaml + folder + "/key.p8"), expected);
}

TEST(CredentialsTest, AnOpenedKeyIsSecret) {
  const auto key = doppel::testing::NewRsaKey("open sesame");
  const auto read = Read(
      absl::StrCat(kHere, "private_key_passphrase: open sesame, private_key: ",
                   Quoted(key.encrypted_pem)));

  ASSERT_TRUE(read.ok()) << read.status();
  for (const std::string& secret :
       {std::string("open sesame"), key.encrypted_pem, key.pkcs8_pem}) {
    EXPECT_EQ(std::count(read->secrets.begin(), read->secrets.end(), secret),
              1);
  }
}

TEST(CredentialsTest, RefusesAKeyThatItCannotOpen) {
  const auto key = doppel::testing::NewRsaKey("open sesame");
  const std::string encrypted =
      absl::StrCat(kHere, "private_key: ", Quoted(key.encrypted_pem));

  ExpectRefused(encrypted, "private_key");
  ExpectRefused(encrypted + ", private_key_passphrase: hunter2", "private_key");
  ExpectRefused(absl::StrCat(kHere, "private_key: ", Quoted(key.public_pem)),
                "private_key");
  ExpectRefused(absl::StrCat(kHere, "private_key: hunter2"), "private_key");
  ExpectRefused(absl::StrCat(kHere, "private_key_path: /no/such"),
                "private_key_path");
  ExpectRefused(
      absl::StrCat(kHere, "private_key: hunter2, private_key_path: /k"),
      "private_key");
  ExpectRefused(absl::StrCat(kHere, "authenticator: snowflake_jwt"),
                "private_key");
}

TEST(CredentialsTest, NamesTheKeyThatIsWrong) {
  const std::string whole =
      "account: a, user: u, password: hunter2, database: d";
  ExpectRefused("user: u, password: hunter2, database: d", "account");
  ExpectRefused("account: a, user: u, password: hunter2", "database");
  ExpectRefused("account: a, password: hunter2, database: d", "user");
  ExpectRefused("account: a, user: u, database: d", "password");
  ExpectRefused(whole + ", authenticator: oauth", "token");
  ExpectRefused(whole + ", authenticator: magic", "authenticator");
  ExpectRefused(whole + ", protocol: ftp", "protocol");
  ExpectRefused(whole + ", port: 0", "port");
  ExpectRefused(whole + ", port: 65536", "port");
  ExpectRefused(whole + ", connect_timeout: 0", "connect_timeout");
  ExpectRefused(whole + ", connect_timeout: 86401", "connect_timeout");
  ExpectRefused(whole + ", authenticator: workload_identity",
                "workload_identity_provider");
  ExpectRefused(whole +
                    ", authenticator: workload_identity, "
                    "workload_identity_provider: mars",
                "workload_identity_provider");
  EXPECT_TRUE(Read(whole + ", port: 1, connect_timeout: 1").ok());
  EXPECT_TRUE(Read(whole + ", port: 65535").ok());
}

TEST(CredentialsTest, RefusesWhatTheDriverCannot) {
  const std::string whole =
      "account: a, user: u, password: hunter2, database: d, ";
  ExpectRefused(whole + "proxy_host: p", "proxy_host",
                Reason::kWarehouseUnsupported);
  ExpectRefused(whole + "oauth_client_secret: hunter2", "oauth_client_secret",
                Reason::kWarehouseUnsupported);
  ExpectRefused(whole + "workload_identity_entra_resource: x",
                "workload_identity_entra_resource",
                Reason::kWarehouseUnsupported);
}

}  // namespace
}  // namespace doppel::warehouse::snowflake

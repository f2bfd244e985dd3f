#include "service/warehouse/bigquery/credentials.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::bigquery {
namespace {

using Options = adbc::Database::Options;

constexpr char kJson[] = "{\"type\":\"service_account\",\"private_key\":\"k\"}";
constexpr absl::string_view kAuth = "adbc.bigquery.sql.auth_type.";

// `yaml`: the members of a flow mapping, "method: oauth, project: p".
absl::StatusOr<Credentials> Read(absl::string_view yaml,
                                 absl::string_view folder = "/") {
  const auto profiles = profiles::Profiles::Parse(
      absl::StrCat("p: {outputs: {t: {type: bigquery, ", yaml, "}}}"),
      "profiles.yml");
  EXPECT_TRUE(profiles.ok()) << profiles.status();
  const auto target =
      profiles->Get("p/t", [](absl::string_view) { return std::nullopt; });
  EXPECT_TRUE(target.ok()) << target.status();
  return ReadCredentials(*target, folder);
}

// The driver's options, sorted and without its prefix.
Options OptionsOf(absl::string_view yaml, absl::string_view folder = "/") {
  const auto read = Read(yaml, folder);
  EXPECT_TRUE(read.ok()) << read.status();
  Options options;
  if (!read.ok()) return options;
  for (const auto& [key, value] : read->options) {
    absl::string_view option = key;
    absl::ConsumePrefix(&option, "adbc.bigquery.sql.");
    options.emplace_back(std::string(option), value);
  }
  std::sort(options.begin(), options.end());
  return options;
}

void ExpectRefused(absl::string_view yaml, absl::string_view key,
                   Reason reason = Reason::kProfilesInvalid) {
  const absl::Status status = Read(yaml).status();
  EXPECT_EQ(GetReason(status), reason) << yaml << status;
  EXPECT_TRUE(absl::StrContains(status.message(), absl::StrCat("key ", key)))
      << status;
  EXPECT_FALSE(absl::StrContains(status.ToString(), "hunter2")) << status;
}

TEST(BigQueryCredentialsTest, TakesTheMachinesOwn) {
  EXPECT_EQ(
      OptionsOf("method: oauth, project: p, dataset: d"),
      (Options{{"auth_type", absl::StrCat(kAuth, "app_default_credentials")},
               {"project_id", "p"}}));
  EXPECT_EQ(Read("method: oauth, database: p")->project, "p");
}

TEST(BigQueryCredentialsTest, SaysWhereJobsRunAndWhoPays) {
  const std::string yaml =
      "method: oauth, project: data, execution_project: jobs, location: EU, "
      "quota_project: q";

  EXPECT_EQ(
      OptionsOf(yaml),
      (Options{{"auth.quota_project", "q"},
               {"auth_type", absl::StrCat(kAuth, "app_default_credentials")},
               {"location", "EU"},
               {"project_id", "jobs"}}));
  EXPECT_EQ(Read(yaml)->project, "data");
  EXPECT_EQ(Read(yaml)->location, "eu");
}

TEST(BigQueryCredentialsTest, TakesAKeysFile) {
  const std::string folder = ::testing::TempDir();
  std::ofstream(folder + "/key.json") << kJson;

  const Options options = OptionsOf(
      "method: service-account, project: p, keyfile: key.json", folder);

  EXPECT_EQ(
      options,
      (Options{{"auth_credentials", kJson},
               {"auth_type", absl::StrCat(kAuth, "json_credential_string")},
               {"bigquery.auth.credentials_type", "service_account"},
               {"project_id", "p"}}));
}

TEST(BigQueryCredentialsTest, TakesAKeyInPlace) {
  const Options expected = {
      {"auth_credentials",
       "{\"type\":\"service_account\",\"private_key\":\"a\\nb\"}"},
      {"auth_type", absl::StrCat(kAuth, "json_credential_string")},
      {"bigquery.auth.credentials_type", "service_account"},
      {"project_id", "p"}};

  EXPECT_EQ(OptionsOf("method: service-account-json, project: p, "
                      "keyfile_json: {type: service_account, "
                      "private_key: 'a\\nb'}"),
            expected);
  EXPECT_EQ(OptionsOf(absl::StrCat(
                "method: service-account-json, project: p, keyfile_json: ",
                absl::Base64Escape(expected[0].second))),
            expected);
}

TEST(BigQueryCredentialsTest, TakesARefreshToken) {
  const std::string yaml =
      "method: oauth-secrets, project: p, refresh_token: 'r\"1', "
      "client_id: c, client_secret: s, "
      "token_uri: https://oauth2.googleapis.com/token";

  EXPECT_EQ(
      OptionsOf(yaml),
      (Options{{"auth_credentials",
                "{\"type\":\"authorized_user\",\"client_id\":\"c\","
                "\"client_secret\":\"s\",\"refresh_token\":"
                "\"r\\\"1\"}"},
               {"auth_type", absl::StrCat(kAuth, "json_credential_string")},
               {"bigquery.auth.credentials_type", "authorized_user"},
               {"project_id", "p"}}));
  const auto secrets = Read(yaml)->secrets;
  EXPECT_EQ(std::count(secrets.begin(), secrets.end(), "r\"1"), 1);
}

TEST(BigQueryCredentialsTest, Impersonates) {
  const std::string as = "impersonate_service_account: x@p.iam, project: p, ";
  const std::string url =
      "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
      "x@p.iam:generateAccessToken";

  const Options own = OptionsOf(as + "method: oauth");
  EXPECT_EQ(std::count(own.begin(), own.end(),
                       std::pair(std::string("impersonate.target_principal"),
                                 std::string("x@p.iam"))),
            1);
  const Options key =
      OptionsOf(absl::StrCat(as, "method: service-account-json, keyfile_json: ",
                             absl::Base64Escape(kJson)));
  EXPECT_EQ(key[0].second,
            absl::StrCat("{\"type\":\"impersonated_service_account\","
                         "\"delegates\":[],"
                         "\"service_account_impersonation_url\":\"",
                         url, "\",\"source_credentials\":", kJson, "}"));
  EXPECT_EQ(key[2].second, "impersonated_service_account");
}

TEST(BigQueryCredentialsTest, SaysHowStatementsRun) {
  const auto read = Read(
      "method: oauth, project: p, priority: batch, maximum_bytes_billed: 5, "
      "timeout_seconds: 86400, job_creation_timeout_seconds: 7");

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->statement_options,
            (Options{{"adbc.bigquery.sql.query.priority", "BATCH"}}));
  using Number = std::pair<std::string, int64_t>;
  EXPECT_EQ(read->statement_numbers,
            (std::vector<Number>{
                {"adbc.bigquery.sql.query.max_bytes_billed", 5},
                {"adbc.bigquery.sql.query.job_timeout", 86'400'000}}));
  EXPECT_EQ(read->connect_seconds, 7);
  EXPECT_EQ(Read("method: oauth, project: p")->connect_seconds, 30);
}

TEST(BigQueryCredentialsTest, NamesTheKeyThatIsWrong) {
  ExpectRefused("method: oauth", "project");
  ExpectRefused("project: p", "method");
  ExpectRefused("project: p, method: magic", "method");
  ExpectRefused("project: p, method: service-account", "keyfile");
  ExpectRefused("project: p, method: service-account, keyfile: /no/hunter2",
                "keyfile");
  ExpectRefused("project: p, method: service-account-json", "keyfile_json");
  ExpectRefused(
      "project: p, method: service-account-json, keyfile_json: hunter2",
      "keyfile_json");
  ExpectRefused("project: p, method: oauth-secrets, refresh_token: hunter2",
                "client_id");
  const std::string whole = "project: p, method: oauth, ";
  ExpectRefused(whole + "priority: later", "priority");
  ExpectRefused(whole + "maximum_bytes_billed: 0", "maximum_bytes_billed");
  ExpectRefused(whole + "job_execution_timeout_seconds: 86401",
                "job_execution_timeout_seconds");
  ExpectRefused(whole + "job_creation_timeout_seconds: 0",
                "job_creation_timeout_seconds");
}

TEST(BigQueryCredentialsTest, RefusesWhatTheDriverCannot) {
  ExpectRefused("project: p, method: oauth-secrets, token: hunter2", "token",
                Reason::kWarehouseUnsupported);
  ExpectRefused("project: p, method: external-oauth-wif", "method",
                Reason::kWarehouseUnsupported);
  ExpectRefused("project: p, method: oauth, api_endpoint: x", "api_endpoint",
                Reason::kWarehouseUnsupported);
  ExpectRefused("project: p, method: oauth, token_uri: https://x/hunter2",
                "token_uri", Reason::kWarehouseUnsupported);
}

}  // namespace
}  // namespace doppel::warehouse::bigquery

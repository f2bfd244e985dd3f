#include "service/warehouse/profiles/profiles.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/error.h"

namespace doppel::warehouse::profiles {
namespace {

constexpr char kFile[] = R"(
shop:
  target: "{{ env_var('TARGET', 'dev') }}"
  outputs:
    dev: &dev
      type: duckdb
      path: "{{ env_var('DB') }}.duckdb"
      schema: dev
      threads: 4
    prod:
      <<: *dev
      schema: prod
    other:
      type: postgres
      user: "{{ env_var('NOWHERE') }}"
      password: "{{ half jinja"
lonely:
  outputs:
    default:
      type: duckdb
      settings:
        s3_secret_access_key: abcdef
      attach:
        - path: "{{ env_var('NOWHERE') }}"
          alias: a
)";

Variables Fixed(std::map<std::string, std::string> values) {
  return [values](absl::string_view name) -> std::optional<std::string> {
    const auto found = values.find(std::string(name));
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

Profiles Parsed(const std::string& text) {
  auto profiles = Profiles::Parse(text, "/etc/profiles.yml");
  EXPECT_TRUE(profiles.ok()) << profiles.status();
  return *std::move(profiles);
}

void ExpectError(const absl::Status& status, Reason reason,
                 const std::vector<absl::string_view>& parts) {
  EXPECT_EQ(GetReason(status), reason) << status;
  for (const absl::string_view part : parts) {
    EXPECT_TRUE(absl::StrContains(status.message(), part)) << status;
  }
}

TEST(ProfilesTest, ListsWithoutRendering) {
  const auto listed = Parsed(kFile).List();

  ASSERT_EQ(listed.size(), 4u);
  EXPECT_EQ(listed[0].profile, "lonely");
  EXPECT_EQ(listed[0].target, "default");
  EXPECT_EQ(listed[2].target, "other");
  EXPECT_EQ(listed[2].type, "postgres");
  EXPECT_EQ(listed[3].target, "prod");
  EXPECT_EQ(listed[3].type, "duckdb");
}

TEST(ProfilesTest, RendersOneTargetAlone) {
  const auto target =
      Parsed(kFile).Get("shop/prod", Fixed({{"DB", "/data/shop"}}));

  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->type, "duckdb");
  EXPECT_EQ(target->values.Text("path"), "/data/shop.duckdb");
  EXPECT_EQ(target->values.Text("schema"), "prod");
  EXPECT_EQ(target->values.Text("threads"), "4");
}

TEST(ProfilesTest, TakesTheProfilesOwnTarget) {
  const Profiles profiles = Parsed(kFile);

  EXPECT_EQ(profiles.Resolve("shop", Fixed({}))->second, "dev");
  EXPECT_EQ(profiles.Resolve("shop", Fixed({{"TARGET", "prod"}}))->second,
            "prod");
  EXPECT_EQ(profiles.Resolve("lonely", Fixed({}))->second, "default");
}

TEST(ProfilesTest, SaysWhichConnectionsThereAre) {
  const Profiles profiles = Parsed(kFile);

  for (const char* name : {"shop/nope", "nope", "shop/", "/dev", ""}) {
    ExpectError(profiles.Get(name, Fixed({})).status(),
                Reason::kConnectionNotFound, {"shop/dev", "lonely/default"});
  }
}

TEST(ProfilesTest, NamesThePlaceOfAMissingVariable) {
  ExpectError(Parsed(kFile).Get("shop/dev", Fixed({})).status(),
              Reason::kProfilesInvalid,
              {"/etc/profiles.yml", "line 7", "\"shop\"", "\"dev\"", "key path",
               "Env var required but not provided: 'DB'"});
  ExpectError(Parsed(kFile).Get("lonely", Fixed({})).status(),
              Reason::kProfilesInvalid, {"key attach[0].path", "NOWHERE"});
}

TEST(ProfilesTest, TakesAPasswordThatOnlyLooksLikeJinja) {
  const auto target =
      Parsed(kFile).Get("shop/other", Fixed({{"NOWHERE", "me"}}));

  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->values.Text("password"), "{{ half jinja");
  EXPECT_EQ(target->secrets, std::vector<std::string>{"{{ half jinja"});
}

TEST(ProfilesTest, KnowsItsSecrets) {
  const auto target = Parsed(kFile).Get("lonely", Fixed({{"NOWHERE", "/x"}}));

  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->secrets, std::vector<std::string>{"abcdef"});
  EXPECT_EQ(Redacted("SET x = 'abcdef'", target->secrets), "SET x = '*****'");
  EXPECT_EQ(Redacted("ABCDEF, AbCdEf", target->secrets), "*****, *****");
}

TEST(ProfilesTest, SaysWhereTheYamlIsBroken) {
  ExpectError(Profiles::Parse("a:\n  b: [1, 2\nc: 3\n", "p.yml").status(),
              Reason::kProfilesInvalid, {"p.yml, line ", "not valid YAML"});
  ExpectError(Profiles::Parse("", "p.yml").status(), Reason::kProfilesInvalid,
              {"p.yml is empty"});
  ExpectError(Profiles::Parse("- a\n", "p.yml").status(),
              Reason::kProfilesInvalid, {"p.yml is no map"});
  ExpectError(Profiles::Parse("a: &x [*x]\n", "p.yml").status(),
              Reason::kProfilesInvalid, {"p.yml"});
}

TEST(ProfilesTest, SaysThatATargetHasNoType) {
  const Profiles profiles = Parsed("p:\n  outputs:\n    t:\n      path: x\n");

  ExpectError(profiles.Get("p/t", Fixed({})).status(), Reason::kProfilesInvalid,
              {"line 4", "p/t has no type"});
}

TEST(ProfilesTest, LooksWhereDbtLooks) {
  using Paths = std::vector<std::string>;
  const Variables set = Fixed({{"HOME", "/h"}, {"DBT_PROFILES_DIR", "/named"}});

  EXPECT_EQ(CandidatePaths("/flag", set), Paths{"/flag/profiles.yml"});
  EXPECT_EQ(CandidatePaths("", set), Paths{"/named/profiles.yml"});
  EXPECT_EQ(CandidatePaths("", Fixed({{"HOME", "/h"}})),
            (Paths{"./profiles.yml", "/h/.dbt/profiles.yml"}));
}

}  // namespace
}  // namespace doppel::warehouse::profiles

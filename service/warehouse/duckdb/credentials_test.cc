#include "service/warehouse/duckdb/credentials.h"

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::duckdb {
namespace {

constexpr absl::string_view kFolder = "/project";

// `yaml`: the members of a flow mapping, "path: x.db, schema: s".
absl::StatusOr<Credentials> Read(absl::string_view yaml) {
  const auto profiles = profiles::Profiles::Parse(
      absl::StrCat("p: {outputs: {t: {type: duckdb, ", yaml, "}}}"),
      "profiles.yml");
  EXPECT_TRUE(profiles.ok()) << profiles.status();
  const auto target =
      profiles->Get("p/t", [](absl::string_view) { return std::nullopt; });
  EXPECT_TRUE(target.ok()) << target.status();
  return ReadCredentials(*target, kFolder);
}

void ExpectRefused(absl::string_view yaml, Reason reason,
                   absl::string_view key) {
  const absl::Status status = Read(yaml).status();
  EXPECT_EQ(GetReason(status), reason) << yaml << ": " << status;
  EXPECT_TRUE(absl::StrContains(status.message(), absl::StrCat("key ", key)))
      << status;
}

TEST(CredentialsTest, NamesTheDatabaseAsDuckDbDoes) {
  EXPECT_EQ(DatabaseOfPath(":memory:"), "memory");
  EXPECT_EQ(DatabaseOfPath("/x/shop.duckdb"), "shop");
  EXPECT_EQ(DatabaseOfPath("/x.y/my.db.duckdb"), "my");
  EXPECT_EQ(DatabaseOfPath(".hidden.duckdb"), "hidden");
  EXPECT_EQ(DatabaseOfPath("plain"), "plain");
}

TEST(CredentialsTest, IsInMemoryWithoutAPath) {
  const auto read = Read("schema: s");

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->path, kInMemory);
  EXPECT_EQ(read->database, "memory");
}

TEST(CredentialsTest, TakesARelativePathFromTheFolder) {
  EXPECT_EQ(Read("path: shop.db")->path, "/project/shop.db");
  EXPECT_EQ(Read("path: ../shop.db")->path, "/shop.db");
  EXPECT_EQ(Read("path: /elsewhere/shop.db")->path, "/elsewhere/shop.db");
}

TEST(CredentialsTest, ReadsAttachments) {
  const auto read = Read(
      "path: a.db, attach: [{path: b.db}, {path: c.db, alias: x, read_only: "
      "true}, {path: d.db, type: duckdb, options: {block_size: 16384}}]");

  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->attachments.size(), 3u);
  EXPECT_EQ(read->attachments[0],
            (Attachment{"/project/b.db", "b", false, {}}));
  EXPECT_EQ(read->attachments[1], (Attachment{"/project/c.db", "x", true, {}}));
  EXPECT_EQ(read->attachments[2].options, (Pairs{{"block_size", "16384"}}));
}

TEST(CredentialsTest, TheDatabaseIsThePathsOrAnAlias) {
  EXPECT_EQ(Read("path: a.db, database: x, attach: [{path: b.db, alias: x}]")
                ->database,
            "x");
  EXPECT_TRUE(Read("path: a.db, database: a").ok());
  ExpectRefused("path: a.db, database: b", Reason::kProfilesInvalid,
                "database");
}

TEST(CredentialsTest, ReadsSettings) {
  const auto read = Read(
      "path: a.db, extensions: [json, {name: icu, repo: core}], settings: "
      "{threads: 2}, config_options: {access_mode: automatic}");

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->extensions, (std::vector<std::string>{"json", "icu"}));
  EXPECT_EQ(read->settings, (Pairs{{"threads", "2"}}));
  EXPECT_EQ(read->config, (Pairs{{"access_mode", "automatic"}}));
}

TEST(CredentialsTest, RefusesWhatIsNoFileHere) {
  constexpr Reason kUnsupported = Reason::kWarehouseUnsupported;
  ExpectRefused("path: 'md:shop'", kUnsupported, "path");
  ExpectRefused("path: 's3://bucket/x.db'", kUnsupported, "path");
  ExpectRefused("path: 'ducklake:x'", kUnsupported, "path");
  ExpectRefused("attach: [{path: 'x.db', type: sqlite}]", kUnsupported,
                "attach[0].type");
  ExpectRefused("secrets: [{type: s3}]", kUnsupported, "secrets");
  ExpectRefused("remote: {host: h}", kUnsupported, "remote");
  EXPECT_TRUE(Read("path: a.db, is_ducklake: false").ok());
}

TEST(CredentialsTest, RefusesNamesThatAreNone) {
  ExpectRefused("settings: {'a = 1; drop': x}", Reason::kProfilesInvalid,
                "settings");
  ExpectRefused("extensions: ['a; drop']", Reason::kProfilesInvalid,
                "extensions");
}

}  // namespace
}  // namespace doppel::warehouse::duckdb

#include "service/warehouse/clickhouse/credentials.h"

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::clickhouse {
namespace {

// `yaml`: the members of a flow mapping, "driver: chdb, path: x".
absl::StatusOr<Credentials> Read(absl::string_view yaml) {
  const auto profiles = profiles::Profiles::Parse(
      absl::StrCat("p: {outputs: {t: {type: clickhouse, ", yaml, "}}}"),
      "profiles.yml");
  EXPECT_TRUE(profiles.ok()) << profiles.status();
  const auto target =
      profiles->Get("p/t", [](absl::string_view) { return std::nullopt; });
  EXPECT_TRUE(target.ok()) << target.status();
  return ReadCredentials(*target, "/project");
}

void ExpectRefused(absl::string_view yaml, Reason reason,
                   absl::string_view key) {
  const absl::Status status = Read(yaml).status();
  EXPECT_EQ(GetReason(status), reason) << yaml << ": " << status;
  EXPECT_TRUE(absl::StrContains(status.message(), absl::StrCat("key ", key)))
      << status;
}

TEST(CredentialsTest, TakesARelativePathFromTheFolder) {
  EXPECT_EQ(Read("driver: chdb, path: data/shop")->path, "/project/data/shop");
  EXPECT_EQ(Read("driver: chdb, path: /data/../shop/")->path, "/shop/");
}

TEST(CredentialsTest, ReadsSettings) {
  const auto read = Read(
      "driver: chdb, path: x, schema: s, threads: 4, custom_settings: "
      "{max_threads: 2, log_queries: 'no'}");

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->settings,
            (Pairs{{"max_threads", "2"}, {"log_queries", "no"}}));
}

TEST(CredentialsTest, ReadsHowLongTheFolderStaysOpen) {
  EXPECT_EQ(Read("driver: chdb, path: x")->keep_open, absl::Seconds(3));
  EXPECT_EQ(Read("driver: chdb, path: x, keep_open: 0")->keep_open,
            absl::ZeroDuration());
  EXPECT_EQ(Read("driver: chdb, path: x, keep_open: 600")->keep_open,
            absl::Minutes(10));
  ExpectRefused("driver: chdb, path: x, keep_open: -1",
                Reason::kProfilesInvalid, "keep_open");
  ExpectRefused("driver: chdb, path: x, keep_open: soon",
                Reason::kProfilesInvalid, "keep_open");
}

TEST(CredentialsTest, RefusesServers) {
  for (const absl::string_view yaml :
       {"host: localhost, port: 8123", "driver: http, host: localhost",
        "driver: native, host: localhost, path: x"}) {
    ExpectRefused(yaml, Reason::kWarehouseUnsupported, "driver");
  }
}

TEST(CredentialsTest, RefusesWhatIsNoFolder) {
  ExpectRefused("driver: chdb", Reason::kProfilesInvalid, "path");
  ExpectRefused("driver: chdb, path: 's3://bucket/x'",
                Reason::kWarehouseUnsupported, "path");
}

TEST(CredentialsTest, RefusesWhatIsNoSetting) {
  ExpectRefused("driver: chdb, path: x, custom_settings: {'a; b': 1}",
                Reason::kProfilesInvalid, "custom_settings.a; b");
  ExpectRefused("driver: chdb, path: x, custom_settings: {a: [1]}",
                Reason::kProfilesInvalid, "custom_settings.a");
}

}  // namespace
}  // namespace doppel::warehouse::clickhouse

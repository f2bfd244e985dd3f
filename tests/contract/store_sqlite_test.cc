// The store contract, run by SQLite; and what is SQLite's alone.
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/clock.h"
#include "service/base/digest.h"
#include "service/base/error.h"
#include "service/store/sqlite/database.h"
#include "service/store/sqlite/sqlite_store.h"
#include "service/store/store.h"
#include "tests/contract/store_contract.h"

namespace doppel::store {
namespace {

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract,
                         testing::Values(StoreUnderTest{
                             "sqlite",
                             [](const std::string& directory,
                                const Clock& clock) {
                               SqliteStoreOptions options;
                               options.directory = directory;
                               options.clock = clock;
                               return OpenSqliteStore(options);
                             }}),
                         [](const auto& info) { return info.param.name; });

class SqliteStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/sqlite.XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    options_.directory = root_ + "/deep/store";
    options_.lock_wait = absl::Milliseconds(1);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  static int ModeOf(const std::string& path) {
    struct stat found{};
    EXPECT_EQ(stat(path.c_str(), &found), 0) << path;
    return static_cast<int>(found.st_mode & 0777);
  }

  std::string root_;
  SqliteStoreOptions options_;
};

TEST_F(SqliteStoreTest, IsForItsOwnerAlone) {
  const auto store = OpenSqliteStore(options_);
  ASSERT_TRUE(store.ok()) << store.status();
  const std::string digest = Sha256Hex("abc");
  ExpectOk((*store)->AppendUpload(digest, 0, "abc"));
  ExpectOk((*store)->CommitManifest({digest, 3, "", absl::Now()}));

  const std::string& directory = options_.directory;
  EXPECT_EQ(ModeOf(directory), 0700);
  EXPECT_EQ(ModeOf(directory + "/manifests"), 0700);
  EXPECT_EQ(ModeOf(directory + "/uploads"), 0700);
  EXPECT_EQ(ModeOf(directory + "/state.db"), 0600);
  EXPECT_EQ(ModeOf(directory + "/state.db-wal"), 0600);
  EXPECT_EQ(ModeOf(directory + "/manifests/" + digest + ".json"), 0600);
}

TEST_F(SqliteStoreTest, NamesTheProcessThatHasTheFolder) {
  const auto store = OpenSqliteStore(options_);
  ASSERT_TRUE(store.ok());

  const absl::Status second = OpenSqliteStore(options_).status();

  ExpectStatus(second, absl::StatusCode::kUnavailable, Reason::kStoreFailed);
  EXPECT_TRUE(
      absl::StrContains(second.message(), absl::StrCat("process ", getpid())))
      << second;
}

TEST_F(SqliteStoreTest, ForgetsTheLeasesOfAProcessThatIsGone) {
  const LeaseRequest request = {{"n"}, "e1", "me", absl::Hours(1)};
  const int64_t before = *(*OpenSqliteStore(options_))->AcquireLease(request);

  const auto store = OpenSqliteStore(options_);

  const auto token = (*store)->AcquireLease(request);
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_GT(*token, before);
}

TEST_F(SqliteStoreTest, SharesTheFolderWhereAllSaySo) {
  options_.shared = true;
  const auto first = OpenSqliteStore(options_);
  const auto second = OpenSqliteStore(options_);
  ASSERT_TRUE(first.ok() && second.ok()) << second.status();
  const LeaseRequest request = {{"n"}, "e1", "me", absl::Hours(1)};

  ASSERT_TRUE((*first)->AcquireLease(request).ok());

  ExpectStatus((*second)->AcquireLease(request).status(),
               absl::StatusCode::kAborted, Reason::kEnvironmentLeased);
  options_.shared = false;
  ExpectStatus(OpenSqliteStore(options_).status(),
               absl::StatusCode::kUnavailable, Reason::kStoreFailed);
}

TEST_F(SqliteStoreTest, SaysThatTheDatabaseIsDamaged) {
  ASSERT_TRUE(OpenSqliteStore(options_).ok());
  std::ofstream(options_.directory + "/state.db", std::ios::trunc)
      << "this is no database, it is a text that is long enough to be one";

  const absl::Status opened = OpenSqliteStore(options_).status();

  ExpectStatus(opened, absl::StatusCode::kUnavailable, Reason::kStoreFailed);
  EXPECT_TRUE(absl::StrContains(opened.message(), "damaged")) << opened;
}

TEST_F(SqliteStoreTest, RefusesTheDatabaseOfANewerDoppel) {
  ASSERT_TRUE(OpenSqliteStore(options_).ok());
  const auto database =
      Database::Open({options_.directory + "/state.db", false, 0});
  ExpectOk((*database)->RunScript("PRAGMA user_version = 1000"));

  const absl::Status opened = OpenSqliteStore(options_).status();

  ExpectStatus(opened, absl::StatusCode::kFailedPrecondition,
               Reason::kStoreFailed);
  EXPECT_TRUE(absl::StrContains(opened.message(), "newer")) << opened;
}

TEST_F(SqliteStoreTest, SaysThatItIsFullAndGoesOn) {
  options_.max_database_bytes = 512 * 1024;
  const auto store = OpenSqliteStore(options_);
  ASSERT_TRUE(store.ok()) << store.status();
  const std::string large(1024 * 1024, 'x');

  ExpectStatus(
      (*store)->PutPlan({"large", "f", large, absl::Now()}, SomeRequest("r")),
      absl::StatusCode::kResourceExhausted, Reason::kStoreFull);

  EXPECT_FALSE((*store)->GetPlan("large").ok());
  EXPECT_FALSE((*store)->FindRequest("r")->has_value());
  ExpectOk((*store)->PutPlan({"small", "f", "{}", absl::Now()}, std::nullopt));
  EXPECT_TRUE((*store)->GetPlan("small").ok());
}

TEST_F(SqliteStoreTest, SaysWhatIsMissingWhereAManifestIsLost) {
  const auto store = OpenSqliteStore(options_);
  const std::string digest = Sha256Hex("abc");
  ExpectOk((*store)->AppendUpload(digest, 0, "abc"));
  ExpectOk((*store)->CommitManifest({digest, 3, "", absl::Now()}));
  std::filesystem::remove(options_.directory + "/manifests/" + digest +
                          ".json");

  const absl::Status read = (*store)->ReadManifest(digest).status();

  ExpectStatus(read, absl::StatusCode::kUnavailable, Reason::kStoreFailed);
  EXPECT_TRUE(absl::StrContains(read.message(), digest)) << read;
}

TEST_F(SqliteStoreTest, SweepsWhatACrashLeft) {
  const std::string digest = Sha256Hex("abc");
  ASSERT_TRUE(OpenSqliteStore(options_).ok());
  const std::string orphan =
      options_.directory + "/manifests/" + digest + ".json";
  std::ofstream(orphan) << "abc";
  ASSERT_EQ((*OpenSqliteStore(options_))->UploadedBytes(digest).value_or(0), 3);
  EXPECT_FALSE(std::filesystem::exists(orphan));  // as if not committed

  options_.clock = [] { return absl::Now() + absl::Hours(24 * 30); };

  EXPECT_EQ((*OpenSqliteStore(options_))->UploadedBytes(digest).value_or(-1),
            0);
}

TEST_F(SqliteStoreTest, SaysWhereItCannotBe) {
  std::ofstream(root_ + "/file") << "";
  options_.directory = root_ + "/file";

  const absl::Status opened = OpenSqliteStore(options_).status();

  ExpectStatus(opened, absl::StatusCode::kUnavailable, Reason::kStoreFailed);
  EXPECT_TRUE(absl::StrContains(opened.message(), options_.directory))
      << opened;
}

}  // namespace
}  // namespace doppel::store

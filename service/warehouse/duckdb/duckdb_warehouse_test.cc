// What is DuckDB's alone; the rest is in the contract suite.
#include "service/warehouse/duckdb/duckdb_warehouse.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
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
#include "service/warehouse/duckdb/credentials.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::duckdb {
namespace {

// Takes the lock on the whole file, for as long as this process lives.
bool Lock(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR);
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return file >= 0 && fcntl(file, F_SETLK, &lock) == 0;
}

class DuckDbWarehouseTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/duckdb.XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    options_.driver_dir = "../drivers";
    options_.lock_wait = absl::Milliseconds(1);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Credentials File(absl::string_view name) const {
    Credentials credentials;
    credentials.path = absl::StrCat(folder_, "/", name);
    credentials.database = DatabaseOfPath(credentials.path);
    return credentials;
  }

  std::shared_ptr<Warehouse> Open(const Credentials& credentials) const {
    auto warehouse = OpenDuckDb(credentials, options_);
    EXPECT_TRUE(warehouse.ok()) << warehouse.status();
    return *std::move(warehouse);
  }

  static std::unique_ptr<Session> Connected(Warehouse* warehouse) {
    auto session = warehouse->Connect();
    EXPECT_TRUE(session.ok()) << session.status();
    return session.ok() ? *std::move(session) : nullptr;
  }

  // Whether another process could open the file now: it asks for the lock that
  // DuckDB takes.
  static bool IsFree(const Credentials& credentials) {
    const pid_t child = fork();
    if (child == 0) {
      _exit(Lock(credentials.path) ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  std::string folder_;
  DuckDbOptions options_;
};

void ExpectReason(const absl::Status& status, Reason reason,
                  absl::string_view part) {
  EXPECT_EQ(GetReason(status), reason) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), part)) << status;
}

// A child process that has the lock until it is told to end.
class Holder {
 public:
  explicit Holder(const std::string& path) {
    int ready[2];
    EXPECT_EQ(pipe(ready), 0);
    child_ = fork();
    if (child_ == 0) {
      const char is_locked = Lock(path) ? 'y' : 'n';
      if (write(ready[1], &is_locked, 1) != 1) _exit(1);
      while (true) pause();
    }
    char is_locked = 'n';
    EXPECT_EQ(read(ready[0], &is_locked, 1), 1);
    EXPECT_EQ(is_locked, 'y');
    close(ready[0]);
    close(ready[1]);
  }
  ~Holder() { End(); }

  void End() {
    if (child_ < 0) return;
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    child_ = -1;
  }

 private:
  pid_t child_ = -1;
};

TEST_F(DuckDbWarehouseTest, SaysWhereItLookedForTheDriver) {
  options_.driver_dir = "/no/such/folder";

  ExpectReason(OpenDuckDb(File("x.db"), options_).status(),
               Reason::kWarehouseDriverMissing, "/no/such/folder");
  ExpectReason(CheckDriver(options_), Reason::kWarehouseDriverMissing,
               "tools/setup");
}

TEST_F(DuckDbWarehouseTest, RefusesADriverThatIsNone) {
  std::ofstream(folder_ + "/libduckdb.so") << "not a library";
  options_.driver_dir = folder_;

  ExpectReason(OpenDuckDb(File("x.db"), options_).status(),
               Reason::kWarehouseDriverMissing, "cannot be loaded");
}

TEST_F(DuckDbWarehouseTest, SaysThatAnotherProcessHasTheFile) {
  const Credentials file = File("x.db");
  Connected(Open(file).get());
  const Holder holder(file.path);

  ExpectReason(Open(file)->Connect().status(), Reason::kWarehouseBusy,
               "one process at a time");
}

TEST_F(DuckDbWarehouseTest, WaitsForAFileThatIsGivenUpInTime) {
  const Credentials file = File("x.db");
  Connected(Open(file).get());
  Holder holder(file.path);
  options_.lock_wait = absl::Minutes(1);
  const auto warehouse = Open(file);
  std::jthread ends([&] { holder.End(); });

  EXPECT_TRUE(warehouse->Connect().ok());
}

TEST_F(DuckDbWarehouseTest, IsOpenForOthersBetweenSessions) {
  const Credentials file = File("x.db");
  const auto warehouse = Open(file);
  auto first = Connected(warehouse.get());
  auto second = Connected(warehouse.get());
  ASSERT_TRUE(first->Execute("create table t as select 1 as x", {}).ok());
  EXPECT_FALSE(IsFree(file));
  first.reset();
  EXPECT_FALSE(IsFree(file));
  second.reset();
  EXPECT_TRUE(IsFree(file));

  const auto again = Connected(warehouse.get());
  EXPECT_EQ(again->Query("select x from t", {})->rows[0][0], "1");
}

TEST_F(DuckDbWarehouseTest, IsKeptOpenForAsLongAsOneLikes) {
  const Credentials file = File("x.db");
  const auto warehouse = Open(file);
  EXPECT_EQ(*warehouse->KeepOpen(), nullptr);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
  ASSERT_TRUE(
      Connected(warehouse.get())->Execute("create table t (x int)", {}).ok());

  auto open = *warehouse->KeepOpen();
  EXPECT_FALSE(IsFree(file));
  EXPECT_EQ(warehouse->ListRelations(std::vector<SchemaName>{{"x", "main"}}, {})
                ->size(),
            1u);
  EXPECT_FALSE(IsFree(file));
  open.reset();
  EXPECT_TRUE(IsFree(file));

  const Holder holder(file.path);
  ExpectReason(warehouse->KeepOpen().status(), Reason::kWarehouseBusy,
               "one process at a time");
}

TEST_F(DuckDbWarehouseTest, SharesAFileBetweenItsConnections) {
  const auto one = Open(File("x.db"));
  Credentials same = File("x.db");
  same.settings = {{"threads", "1"}};
  const auto other = Open(same);
  const auto first = Connected(one.get());
  const auto second = Connected(other.get());

  ASSERT_TRUE(first->Execute("create table t as select 7 as x", {}).ok());

  EXPECT_EQ(second->Query("select x from t", {})->rows[0][0], "7");
}

TEST_F(DuckDbWarehouseTest, OpensNoFileInTwoInstances) {
  Credentials with_other = File("x.db");
  with_other.attachments.push_back({folder_ + "/y.db", "y", false, {}});
  auto session = Connected(Open(with_other).get());

  ExpectReason(Open(File("y.db"))->Connect().status(), Reason::kWarehouseBusy,
               "another connection of this server");
  ExpectReason(Open(File("x.db"))->Connect().status(), Reason::kWarehouseBusy,
               "another connection of this server");
  session.reset();
  EXPECT_TRUE(Open(File("y.db"))->Connect().ok());
}

TEST_F(DuckDbWarehouseTest, SeveralMayReadAnAttachedFile) {
  Connected(Open(File("shared.db")).get());
  Credentials one = File("one.db");
  one.attachments.push_back({folder_ + "/shared.db", "shared", true, {}});
  Credentials two = File("two.db");
  two.attachments = one.attachments;

  const auto first = Connected(Open(one).get());
  const auto second = Connected(Open(two).get());

  EXPECT_NE(first, nullptr);
  EXPECT_NE(second, nullptr);
}

TEST_F(DuckDbWarehouseTest, ListsAttachedDatabasesInTheSameWay) {
  Credentials credentials = File("x.db");
  credentials.attachments.push_back({folder_ + "/y.db", "Other", false, {}});
  const auto warehouse = Open(credentials);
  {
    const auto session = Connected(warehouse.get());
    ASSERT_TRUE(
        session->Execute("create table \"Other\".main.T as select 1", {}).ok());
    ASSERT_TRUE(session->Execute("create table t as select 1", {}).ok());
  }
  const std::vector<SchemaName> schemas = {{"other", "MAIN"}, {"", "main"}};

  const auto entries = warehouse->ListRelations(schemas, {});

  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_EQ(entries->size(), 2u);
  EXPECT_EQ((*entries)[0].name, (RelationName{"Other", "main", "T"}));
  EXPECT_EQ((*entries)[1].name, (RelationName{"x", "main", "t"}));
}

TEST_F(DuckDbWarehouseTest, MakesNoFileByLooking) {
  const auto warehouse = Open(File("x.db"));
  const std::vector<SchemaName> schemas = {{"x", "main"}};

  EXPECT_TRUE(warehouse->ListRelations(schemas, {})->empty());
  EXPECT_TRUE(warehouse->ExistingSchemas(schemas, {})->empty());

  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(DuckDbWarehouseTest, SaysThatTheFolderIsMissing) {
  const auto warehouse = Open(File("no/x.db"));
  const std::vector<SchemaName> schemas = {{"x", "main"}};

  ExpectReason(warehouse->Connect().status(), Reason::kWarehouseUnreachable,
               "/no/x.db");
  ExpectReason(warehouse->ListRelations(schemas, {}).status(),
               Reason::kWarehouseUnreachable, "profiles.yml");
}

TEST_F(DuckDbWarehouseTest, SaysThatTheFileIsNoDatabase) {
  std::ofstream(folder_ + "/x.db") << std::string(10'000, 'x');

  ExpectReason(Open(File("x.db"))->Connect().status(),
               Reason::kWarehouseStatementFailed, "not a valid DuckDB");
}

TEST_F(DuckDbWarehouseTest, AppliesSettings) {
  Credentials credentials = File("x.db");
  credentials.settings = {{"TimeZone", "America/New_York"}, {"threads", "1"}};
  const auto session = Connected(Open(credentials).get());

  EXPECT_EQ(session->Query("select current_setting('threads')", {})->rows[0][0],
            "1");
}

TEST_F(DuckDbWarehouseTest, DownloadsNoExtension) {
  Credentials credentials = File("x.db");
  credentials.extensions = {"no_such_extension"};

  ExpectReason(Open(credentials)->Connect().status(),
               Reason::kWarehouseUnsupported, "INSTALL it once");
}

TEST_F(DuckDbWarehouseTest, ShowsNoSecret) {
  Credentials credentials = File("x.db");
  credentials.settings = {{"threads", "hunter2"}};
  credentials.secrets = {"hunter2"};

  const absl::Status status = Open(credentials)->Connect().status();

  EXPECT_FALSE(status.ok());
  EXPECT_FALSE(absl::StrContains(status.ToString(), "hunter2")) << status;
}

TEST_F(DuckDbWarehouseTest, KeepsWhatIsInMemory) {
  Credentials credentials;
  credentials.path = std::string(kInMemory);
  credentials.database = "memory";
  const auto warehouse = Open(credentials);
  ASSERT_TRUE(
      Connected(warehouse.get())->Execute("create table t(x int)", {}).ok());

  const auto again = Connected(warehouse.get());

  EXPECT_TRUE(again->Query("select x from t", {}).ok());
  EXPECT_FALSE(
      Connected(Open(credentials).get())->Query("select x from t", {}).ok());
}

}  // namespace
}  // namespace doppel::warehouse::duckdb

// What is ClickHouse's alone; the rest is in the contract suite.
#include "service/warehouse/clickhouse/clickhouse_warehouse.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
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
#include "service/warehouse/clickhouse/credentials.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::clickhouse {
namespace {

void ExpectReason(const absl::Status& status, Reason reason,
                  absl::string_view part) {
  EXPECT_EQ(GetReason(status), reason) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), part)) << status;
}

// The lock that another process would hold on a folder.
class Lock {
 public:
  explicit Lock(const std::string& folder)
      : file_(open(absl::StrCat(folder, "/status").c_str(),
                   O_CREAT | O_RDWR | O_CLOEXEC, 0600)) {
    EXPECT_EQ(flock(file_, LOCK_EX | LOCK_NB), 0);
  }
  ~Lock() { End(); }

  void End() {
    if (file_ >= 0) close(file_);
    file_ = -1;
  }

 private:
  int file_;
};

class ClickHouseWarehouseTest : public testing::Test {
 protected:
  void SetUp() override {
    options_.driver_dir = "../drivers";
    options_.lock_wait = absl::Milliseconds(1);
    const absl::Status driver = CheckDriver(options_);
    if (!driver.ok()) GTEST_SKIP() << driver.message();
    std::string pattern = testing::TempDir() + "/chdb.XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  Credentials Folder(absl::string_view name) const {
    Credentials credentials;
    credentials.path = absl::StrCat(folder_, "/", name);
    credentials.keep_open = absl::ZeroDuration();
    return credentials;
  }

  std::shared_ptr<Warehouse> Open(const Credentials& credentials) const {
    auto warehouse = OpenClickHouse(credentials, options_);
    EXPECT_TRUE(warehouse.ok()) << warehouse.status();
    return *std::move(warehouse);
  }

  static std::unique_ptr<Session> Connected(Warehouse* warehouse) {
    auto session = warehouse->Connect();
    EXPECT_TRUE(session.ok()) << session.status();
    return session.ok() ? *std::move(session) : nullptr;
  }

  std::string folder_;
  ClickHouseOptions options_;
};

TEST(ClickHouseDriverTest, SaysWhereItLookedForTheDriver) {
  ClickHouseOptions options;
  options.driver_dir = "/no/such/folder";

  ExpectReason(OpenClickHouse({}, options).status(),
               Reason::kWarehouseDriverMissing, "/no/such/folder");
  ExpectReason(CheckDriver(options), Reason::kWarehouseDriverMissing,
               "tools/setup");
}

TEST_F(ClickHouseWarehouseTest, SaysThatAnotherProcessHasTheFolder) {
  const Credentials folder = Folder("x");
  Connected(Open(folder).get());
  const Lock lock(folder.path);

  ExpectReason(Open(folder)->Connect().status(), Reason::kWarehouseBusy,
               "open in another process");
}

TEST_F(ClickHouseWarehouseTest, WaitsForAFolderThatIsGivenUpInTime) {
  const Credentials folder = Folder("x");
  Connected(Open(folder).get());
  Lock lock(folder.path);
  options_.lock_wait = absl::Minutes(1);
  const auto warehouse = Open(folder);
  std::jthread ends([&] { lock.End(); });

  EXPECT_TRUE(warehouse->Connect().ok());
}

TEST_F(ClickHouseWarehouseTest, IsOpenForOthersBetweenSessions) {
  const Credentials folder = Folder("x");
  const auto warehouse = Open(folder);
  auto first = Connected(warehouse.get());
  auto second = Connected(warehouse.get());
  ASSERT_TRUE(first->Execute("create table t as select 1 as x", {}).ok());
  first.reset();
  EXPECT_TRUE(second->Query("select x from t", {}).ok());
  second.reset();

  {
    const Lock lock(folder.path);
  }
  const auto again = Connected(warehouse.get());
  EXPECT_EQ(again->Query("select x from t", {})->rows[0][0], "1");
}

TEST_F(ClickHouseWarehouseTest, OpensOneFolderAtATime) {
  auto session = Connected(Open(Folder("x")).get());

  ExpectReason(Open(Folder("y"))->Connect().status(), Reason::kWarehouseBusy,
               "one folder at a time");
  session.reset();
  EXPECT_TRUE(Open(Folder("y"))->Connect().ok());
}

TEST_F(ClickHouseWarehouseTest, WaitsForItsTurnWithAnotherFolder) {
  auto session = Connected(Open(Folder("x")).get());
  options_.lock_wait = absl::Minutes(1);
  std::jthread ends([&] { session.reset(); });

  EXPECT_TRUE(Open(Folder("y"))->Connect().ok());
}

TEST_F(ClickHouseWarehouseTest, StaysOpenForAWhile) {
  Credentials credentials = Folder("x");
  credentials.keep_open = absl::Hours(1);
  auto warehouse = Open(credentials);
  Connected(warehouse.get());
  Connected(warehouse.get());

  ExpectReason(Open(Folder("y"))->Connect().status(), Reason::kWarehouseBusy,
               "one folder at a time");
  warehouse.reset();
  EXPECT_TRUE(Open(Folder("y"))->Connect().ok());
}

TEST_F(ClickHouseWarehouseTest, ClosesWhenTheTimeIsOver) {
  Credentials credentials = Folder("x");
  credentials.keep_open = absl::Milliseconds(50);
  const auto warehouse = Open(credentials);
  Connected(warehouse.get());
  options_.lock_wait = absl::Minutes(1);

  EXPECT_TRUE(Open(Folder("y"))->Connect().ok());
  EXPECT_TRUE(warehouse->Connect().ok());
}

TEST_F(ClickHouseWarehouseTest, MakesNoFolderByLooking) {
  const auto warehouse = Open(Folder("x"));
  const std::vector<SchemaName> schemas = {{"", "default"}};

  EXPECT_TRUE(warehouse->ListRelations(schemas, {})->empty());
  EXPECT_TRUE(warehouse->ExistingSchemas(schemas, {})->empty());

  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(ClickHouseWarehouseTest, MakesNoFolderOfAMistypedPath) {
  const auto warehouse = Open(Folder("no/x"));
  const std::vector<SchemaName> schemas = {{"", "default"}};

  ExpectReason(warehouse->Connect().status(), Reason::kWarehouseUnreachable,
               "/no/x");
  ExpectReason(warehouse->ListRelations(schemas, {}).status(),
               Reason::kWarehouseUnreachable, "profiles.yml");
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(ClickHouseWarehouseTest, AppliesSettings) {
  Credentials credentials = Folder("x");
  credentials.settings = {{"max_threads", "1"}};
  const auto session = Connected(Open(credentials).get());

  EXPECT_EQ(session->Query("select toString(getSetting('max_threads'))", {})
                ->rows[0][0],
            "1");
}

TEST_F(ClickHouseWarehouseTest, MapsARefusedStatement) {
  Credentials credentials = Folder("x");
  credentials.settings = {{"readonly", "1"}};
  const auto session = Connected(Open(credentials).get());

  ASSERT_NE(session, nullptr);
  ExpectReason(session->Execute("create database d", {}),
               Reason::kWarehousePermissionDenied, "READONLY");
}

TEST_F(ClickHouseWarehouseTest, LeavesSignalsToTheProgram) {
  struct sigaction before{};
  struct sigaction after{};
  ASSERT_EQ(sigaction(SIGSEGV, nullptr, &before), 0);

  const auto session = Connected(Open(Folder("x")).get());
  ASSERT_EQ(sigaction(SIGSEGV, nullptr, &after), 0);

  EXPECT_EQ(after.sa_handler, before.sa_handler);
}

TEST_F(ClickHouseWarehouseTest, ShowsNoSecret) {
  Credentials credentials = Folder("x");
  credentials.settings = {{"max_threads", "hunter2"}};
  credentials.secrets = {"hunter2"};

  const absl::Status status = Open(credentials)->Connect().status();

  EXPECT_FALSE(status.ok());
  EXPECT_FALSE(absl::StrContains(status.ToString(), "hunter2")) << status;
}

}  // namespace
}  // namespace doppel::warehouse::clickhouse

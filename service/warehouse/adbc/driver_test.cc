#include "service/warehouse/adbc/driver.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/error.h"

namespace doppel::warehouse::adbc {
namespace {

using Folders = std::vector<std::string>;

class DriverTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name :
         {"DOPPEL_DRIVERS", "DOPPEL_CACHE", "XDG_CACHE_HOME"}) {
      unsetenv(name);
    }
    std::string pattern = testing::TempDir() + "/driver.XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    setenv("HOME", folder_.c_str(), 1);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
};

void ExpectMissing(const absl::Status& status, absl::string_view part) {
  EXPECT_EQ(GetReason(status), Reason::kWarehouseDriverMissing) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), part)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "tools/setup")) << status;
}

TEST_F(DriverTest, LooksWhereItIsToldAlone) {
  setenv("DOPPEL_DRIVERS", "/variable", 1);

  EXPECT_EQ(DriverFolders("/told"), Folders{"/told"});
}

TEST_F(DriverTest, LooksWhereSetupPutsThem) {
  EXPECT_EQ(DriverFolders(""), Folders{folder_ + "/.cache/doppel/drivers"});
  setenv("XDG_CACHE_HOME", "/xdg", 1);
  EXPECT_EQ(DriverFolders(""), Folders{"/xdg/doppel/drivers"});
  setenv("DOPPEL_CACHE", "/cache", 1);
  EXPECT_EQ(DriverFolders(""), Folders{"/cache/drivers"});
  setenv("DOPPEL_DRIVERS", "/variable", 1);
  EXPECT_EQ(DriverFolders(""), (Folders{"/variable", "/cache/drivers"}));
}

TEST_F(DriverTest, SaysWhereItLooked) {
  setenv("DOPPEL_DRIVERS", "/variable", 1);

  ExpectMissing(FindDriver("libx.so", "").status(),
                "/variable and " + folder_ + "/.cache/doppel/drivers");
}

TEST_F(DriverTest, SaysThatNoHomeIsSet) {
  unsetenv("HOME");

  ExpectMissing(FindDriver("libx.so", "").status(), "nowhere");
}

TEST_F(DriverTest, RefusesWhatIsNoLibrary) {
  std::ofstream(folder_ + "/libx.so") << "text";

  ExpectMissing(LoadDriver({"libx.so", "init", folder_, nullptr}).status(),
                "cannot be loaded");
}

TEST_F(DriverTest, RefusesALibraryWithoutTheEntryPoint) {
  ExpectMissing(
      LoadDriver({"libduckdb.so", "no_such_init", "../drivers", nullptr})
          .status(),
      "no_such_init");
}

TEST_F(DriverTest, LoadsALibraryOnce) {
  const DriverOptions options = {"libduckdb.so", "duckdb_adbc_init",
                                 "../drivers", nullptr};

  const auto first = LoadDriver(options);
  const auto second = LoadDriver(options);

  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(*first, *second);
  EXPECT_NE((*first)->table.ConnectionCancel, nullptr);
}

}  // namespace
}  // namespace doppel::warehouse::adbc

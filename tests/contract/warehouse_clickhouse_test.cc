// The warehouse contract, run by ClickHouse inside this process; and what its
// clones share.
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/warehouse/clickhouse/clickhouse_warehouse.h"
#include "service/warehouse/clickhouse/credentials.h"
#include "service/warehouse/warehouse.h"
#include "tests/contract/warehouse_contract.h"

namespace doppel::warehouse {
namespace {

WarehouseUnderTest Folder() {
  WarehouseUnderTest folder;
  folder.name = "chdb";
  folder.open = [](const std::string& directory) {
    clickhouse::Credentials credentials;
    credentials.path = absl::StrCat(directory, "/warehouse");
    credentials.keep_open = absl::ZeroDuration();
    clickhouse::ClickHouseOptions options;
    options.driver_dir = "../drivers";
    return clickhouse::OpenClickHouse(credentials, options);
  };
  folder.lacks = {Feature::kTransactions};
  folder.is_optional = true;
  folder.endless_query =
      "select sum(cityHash64(number)) from numbers(1000000000000)";
  // A table's name and its database's stand in one file's name.
  folder.longest_name = 106;
  return folder;
}

INSTANTIATE_TEST_SUITE_P(ClickHouse, WarehouseContract,
                         testing::Values(Folder()),
                         [](const auto& info) { return info.param.name; });

class ClickHouseClones : public WarehouseContract {
 protected:
  // The files of a table's parts that hold its columns: their inodes, and how
  // many names each has.
  std::map<ino_t, nlink_t> FilesOf(const RelationName& name) {
    const auto folder = ValueOf(absl::StrCat(
        "select data_paths[1] from system.tables where database = '",
        name.schema, "' and name = '", name.identifier, "'"));
    std::map<ino_t, nlink_t> files;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(*folder)) {
      struct stat status{};
      if (entry.path().extension() != ".bin") continue;
      EXPECT_EQ(stat(entry.path().c_str(), &status), 0) << entry.path();
      files[status.st_ino] = status.st_nlink;
    }
    return files;
  }

  void MakeBigTable(const RelationName& name) {
    Run(absl::StrCat("create table ", Render(name),
                     " engine = MergeTree order by x as select number as x, "
                     "toString(number) as y from numbers(1000000)"));
  }

  void Clone(const RelationName& source, const RelationName& target,
             RelationKind replaces) {
    Run(dialect().CloneTable(MakingOf(source, target, replaces)));
  }
};

TEST_P(ClickHouseClones, ShareTheFilesOfTheirSource) {
  const RelationName source = Relation("prod", "t");
  const RelationName clone = Relation("dev", "t");
  MakeSchema(Schema("prod"));
  MakeSchema(Schema("dev"));
  MakeBigTable(source);
  Clone(source, clone, RelationKind::kUnknown);

  const auto files = FilesOf(clone);

  EXPECT_FALSE(files.empty());
  EXPECT_EQ(files, FilesOf(source));
  for (const auto& [inode, links] : files) EXPECT_EQ(links, 2u) << inode;
}

TEST_P(ClickHouseClones, StopSharingWhatIsWritten) {
  const RelationName source = Relation("prod", "t");
  const RelationName clone = Relation("prod", "clone");
  MakeSchema(Schema("prod"));
  MakeBigTable(source);
  Clone(source, clone, RelationKind::kUnknown);

  Run(absl::StrCat("alter table ", Render(clone),
                   " update y = 'changed' where x < 10 "
                   "settings mutations_sync = 1"));

  const std::string changed = " where y = 'changed'";
  EXPECT_EQ(
      ValueOf(absl::StrCat("select count() from ", Render(clone), changed)),
      "10");
  EXPECT_EQ(
      ValueOf(absl::StrCat("select count() from ", Render(source), changed)),
      "0");
  EXPECT_EQ(CountOf(source), "1000000");
}

// A reader polls the name all the time that tables take each other's place.
TEST_P(ClickHouseClones, SwapInOneStep) {
  const RelationName blue = Relation("prod", "t");
  const RelationName green = Relation("next", "t");
  MakeSchema(Schema("prod"));
  MakeSchema(Schema("next"));
  MakeTable(blue, 1);
  MakeTable(green, 2);
  std::atomic<int> reads = 0;
  std::jthread reader([&](const std::stop_token& stop) {
    const auto session = warehouse().Connect();
    ASSERT_TRUE(session.ok()) << session.status();
    while (!stop.stop_requested()) {
      const auto rows = (*session)->Query(
          absl::StrCat("select count() from ", Render(blue)), {});
      ASSERT_TRUE(rows.ok()) << rows.status();
      const std::string count = rows->rows[0][0].value_or("null");
      ASSERT_TRUE(count == "1" || count == "2") << count;
      ++reads;
    }
  });

  for (int swaps = 0; swaps < 100 || reads < 100; ++swaps) {
    Run(dialect().SwapRelations({blue, RelationKind::kTable},
                                {green, RelationKind::kTable}, {}));
    if (HasFailure()) break;
  }
}

// The same, while clones replace a table.
TEST_P(ClickHouseClones, ReplaceInOneStep) {
  const RelationName one = Relation("prod", "one");
  const RelationName two = Relation("prod", "two");
  const RelationName target = Relation("prod", "target");
  MakeSchema(Schema("prod"));
  MakeTable(one, 1);
  MakeTable(two, 2);
  Clone(one, target, RelationKind::kUnknown);
  std::atomic<int> reads = 0;
  std::jthread reader([&](const std::stop_token& stop) {
    const auto session = warehouse().Connect();
    ASSERT_TRUE(session.ok()) << session.status();
    while (!stop.stop_requested()) {
      const auto rows = (*session)->Query(
          absl::StrCat("select count() from ", Render(target)), {});
      ASSERT_TRUE(rows.ok()) << rows.status();
      const std::string count = rows->rows[0][0].value_or("null");
      ASSERT_TRUE(count == "1" || count == "2") << count;
      ++reads;
    }
  });

  for (int clones = 0; clones < 50 || reads < 50; ++clones) {
    Clone(clones % 2 == 0 ? two : one, target, RelationKind::kTable);
    if (HasFailure()) break;
  }
}

// Merges change the parts, and with them nothing that anybody reads.
TEST_P(ClickHouseClones, AVersionStaysWhenPartsAreMerged) {
  const RelationName table = Relation("prod", "t");
  MakeSchema(Schema("prod"));
  MakeTable(table, 1);
  Run(absl::StrCat("system stop merges ", Render(table)));
  for (int x = 2; x < 10; ++x) AddRow(table, x);
  const std::string version = Find(table).version;
  const std::string parts = absl::StrCat(
      "select count() from system.parts where active and database = 'prod'");
  EXPECT_EQ(ValueOf(parts), "9");

  Run(absl::StrCat("system start merges ", Render(table)));
  Run(absl::StrCat("optimize table ", Render(table), " final"));

  EXPECT_EQ(ValueOf(parts), "1");
  EXPECT_EQ(Find(table).version, version);
  Run(absl::StrCat("alter table ", Render(table),
                   " delete where x = 5 "
                   "settings mutations_sync = 1"));
  EXPECT_NE(Find(table).version, version);
}

TEST_P(ClickHouseClones, ListsEachKindOfRelation) {
  MakeSchema(Schema("prod"));
  Run("create table prod.a (x UInt64) engine = Log");
  Run("create table prod.b (x UInt64) engine = MergeTree order by x");
  Run("create materialized view prod.c engine = MergeTree order by x as "
      "select x from prod.b");
  Run("create dictionary prod.d (x UInt64) primary key x "
      "source(clickhouse(db 'prod' table 'b')) layout(hashed()) lifetime(0)");
  Run("create view prod.e as select x from prod.b");
  Run("insert into prod.a values (1), (2)");

  const auto entries = List({Schema("prod")});

  ASSERT_EQ(entries.size(), 5u);
  EXPECT_EQ(entries[0].kind, RelationKind::kTable);
  EXPECT_EQ(entries[0].engine, "log");
  EXPECT_EQ(entries[0].row_count, 2);
  EXPECT_EQ(entries[1].engine, "mergetree");
  EXPECT_EQ(entries[2].kind, RelationKind::kMaterializedView);
  EXPECT_EQ(entries[3].kind, RelationKind::kExternal);
  EXPECT_EQ(entries[4].kind, RelationKind::kView);
  Run("insert into prod.b values (1)");
  EXPECT_NE(Find(Relation("prod", "c")).version, entries[2].version);
}

INSTANTIATE_TEST_SUITE_P(ClickHouse, ClickHouseClones,
                         testing::Values(Folder()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace doppel::warehouse

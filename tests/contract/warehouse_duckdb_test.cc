// The warehouse contract, run by DuckDB with a file and in memory.
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "service/warehouse/duckdb/credentials.h"
#include "service/warehouse/duckdb/duckdb_warehouse.h"
#include "service/warehouse/warehouse.h"
#include "tests/contract/warehouse_contract.h"

namespace doppel::warehouse {
namespace {

constexpr char kEndless[] =
    "select sum(hash(a.range + b.range + c.range)) from range(100000) a, "
    "range(100000) b, range(100000) c";

absl::StatusOr<std::shared_ptr<Warehouse>> Open(const std::string& path) {
  duckdb::Credentials credentials;
  credentials.path = path;
  credentials.database = duckdb::DatabaseOfPath(path);
  duckdb::DuckDbOptions options;
  options.driver_dir = "../drivers";
  return duckdb::OpenDuckDb(credentials, options);
}

WarehouseUnderTest File() {
  WarehouseUnderTest file;
  file.name = "file";
  file.open = [](const std::string& directory) {
    return Open(absl::StrCat(directory, "/jaffle.duckdb"));
  };
  file.lacks = {Feature::kZeroCopyClones};
  file.endless_query = kEndless;
  return file;
}

WarehouseUnderTest Memory() {
  WarehouseUnderTest memory;
  memory.name = "memory";
  memory.open = [](const std::string&) {
    return Open(std::string(duckdb::kInMemory));
  };
  memory.lacks = {Feature::kZeroCopyClones};
  memory.endless_query = kEndless;
  return memory;
}

INSTANTIATE_TEST_SUITE_P(DuckDb, WarehouseContract,
                         testing::Values(File(), Memory()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace doppel::warehouse

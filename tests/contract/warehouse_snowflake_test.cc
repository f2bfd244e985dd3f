// The warehouse contract, run through Snowflake's own driver against an
// emulator that this program starts, each test in a database of its own. It
// proves login, protocol and the text of statements; not that clones copy
// nothing.
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "service/base/status_macros.h"
#include "service/warehouse/snowflake/snowflake_warehouse.h"
#include "service/warehouse/warehouse.h"
#include "tests/contract/warehouse_contract.h"
#include "tests/support/snowflake_server.h"

namespace doppel::warehouse {
namespace {

constexpr char kEndless[] =
    "select count(*) from table(generator(rowcount => 1000000)) a, "
    "table(generator(rowcount => 1000000)) b";

absl::StatusOr<std::shared_ptr<Warehouse>> Open() {
  DOPPEL_ASSIGN_OR_RETURN(const auto credentials,
                          doppel::testing::SnowflakeCredentials(
                              doppel::testing::NewSnowflakeDatabase()));
  return snowflake::OpenSnowflake(credentials,
                                  doppel::testing::kSnowflakeDriverDir);
}

WarehouseUnderTest Emulator() {
  WarehouseUnderTest emulator;
  emulator.name = "emulator";
  emulator.open = [](const std::string&) { return Open(); };
  emulator.endless_query = kEndless;
  emulator.lacks = {Feature::kTransactions};
  emulator.beyond = {
      {"ACloneReplacesEitherKind",
       "the emulator replaces no table by CREATE OR REPLACE ... CLONE"},
      {"ATablesVersionChangesWithItsRowsAndColumns",
       "the emulator says of every relation that it was last altered in 1970"},
      {"RelationsChangePlacesBetweenSchemas",
       "the emulator knows no ALTER TABLE ... SWAP WITH"},
      {"SchemasChangeNames",
       "the emulator knows no ALTER SCHEMA ... SWAP WITH"},
      {"TakesAnyNameAsItIs",
       "the emulator quotes the names of schemas wrongly; "
       "snowflake_warehouse_test tries those of relations"},
  };
  const std::string absent = doppel::testing::WhyNoSnowflake();
  if (!absent.empty()) emulator.beyond = {{"*", absent}};
  return emulator;
}

INSTANTIATE_TEST_SUITE_P(Snowflake, WarehouseContract,
                         ::testing::Values(Emulator()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace doppel::warehouse

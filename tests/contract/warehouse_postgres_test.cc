// The warehouse contract, run by PostgreSQL: each test in a database of its own
// on a server that this program starts.
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "service/base/status_macros.h"
#include "service/warehouse/postgres/postgres_warehouse.h"
#include "service/warehouse/warehouse.h"
#include "tests/contract/warehouse_contract.h"
#include "tests/support/postgres_server.h"

namespace doppel::warehouse {
namespace {

constexpr char kEndless[] =
    "with recursive n(i) as (select 1::bigint union all select i + 1 from n) "
    "select max(i) from n";

absl::StatusOr<std::shared_ptr<Warehouse>> Open() {
  DOPPEL_ASSIGN_OR_RETURN(const std::string database,
                          doppel::testing::NewPostgresDatabase());
  DOPPEL_ASSIGN_OR_RETURN(const auto credentials,
                          doppel::testing::PostgresCredentials(database));
  return postgres::OpenPostgres(credentials, doppel::testing::kDriverDir);
}

WarehouseUnderTest Server() {
  WarehouseUnderTest server;
  server.name = "server";
  server.open = [](const std::string&) { return Open(); };
  server.lacks = {Feature::kZeroCopyClones, Feature::kLooseViews};
  server.endless_query = kEndless;
  server.longest_name = 63;
  server.tell_of_rows = "select pg_stat_force_next_flush()";
  return server;
}

INSTANTIATE_TEST_SUITE_P(Postgres, WarehouseContract,
                         ::testing::Values(Server()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace doppel::warehouse

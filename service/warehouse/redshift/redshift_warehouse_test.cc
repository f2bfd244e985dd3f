// As far as Redshift goes without a cluster: against PostgreSQL, which speaks
// the same protocol and has the views that the catalog is read from.
#include "service/warehouse/redshift/redshift_warehouse.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "service/base/catalog.h"
#include "service/base/error.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"
#include "tests/support/postgres_server.h"

namespace doppel::warehouse::redshift {
namespace {

using doppel::testing::kDriverDir;

TEST(RedshiftWarehouseTest, ListsTablesAndViews) {
  const auto database = doppel::testing::NewPostgresDatabase();
  ASSERT_TRUE(database.ok()) << database.status();
  Credentials credentials;
  credentials.server = *doppel::testing::PostgresCredentials(*database);
  credentials.setup = {"set application_name to 'doppel'"};
  const auto warehouse = *OpenRedshift(credentials, kDriverDir);
  auto connected = warehouse->Connect();
  ASSERT_TRUE(connected.ok()) << connected.status();
  const auto session = *std::move(connected);
  for (const char* const sql :
       {"create schema s", "create table s.t as select 1 as x",
        "create view s.v as select * from s.t"}) {
    ASSERT_TRUE(session->Execute(sql, {}).ok()) << sql;
  }
  const std::vector<SchemaName> schemas = {
      {"", "S"}, {*database, "it's"}, {"another", "s"}};

  const auto entries = warehouse->ListRelations(schemas, {});
  const auto existing = warehouse->ExistingSchemas(schemas, {});

  EXPECT_EQ(warehouse->dialect().type(), "redshift");
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_EQ(entries->size(), 2u);
  EXPECT_EQ((*entries)[0].name, (RelationName{*database, "s", "t"}));
  EXPECT_EQ((*entries)[0].kind, RelationKind::kTable);
  EXPECT_EQ((*entries)[0].version, "");
  EXPECT_EQ((*entries)[1].kind, RelationKind::kView);
  EXPECT_EQ(*existing, (std::vector<SchemaName>{{*database, "s"}}));
}

TEST(RedshiftWarehouseTest, SaysThatItCannotConnectAndTellsNoSecret) {
  Credentials credentials;
  credentials.server.parameters = {{"host", "127.0.0.1"},
                                   {"port", "1"},
                                   {"user", "u"},
                                   {"password", "hunter2"}};
  credentials.server.secrets = {"hunter2"};

  const absl::Status refused =
      (*OpenRedshift(credentials, kDriverDir))->Connect().status();

  EXPECT_EQ(GetReason(refused), Reason::kWarehouseUnreachable) << refused;
  EXPECT_FALSE(absl::StrContains(refused.ToString(), "hunter2")) << refused;
}

}  // namespace
}  // namespace doppel::warehouse::redshift

// What PostgreSQL does beyond the warehouse contract, on a server that this
// program starts.
#include "service/warehouse/postgres/postgres_warehouse.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/catalog.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"
#include "tests/support/postgres_server.h"

namespace doppel::warehouse::postgres {
namespace {

using doppel::testing::kDriverDir;

class PostgresWarehouseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto database = doppel::testing::NewPostgresDatabase();
    ASSERT_TRUE(database.ok()) << database.status();
    credentials_ = *doppel::testing::PostgresCredentials(*database);
    warehouse_ = *OpenPostgres(credentials_, kDriverDir);
    auto connected = warehouse_->Connect();
    ASSERT_TRUE(connected.ok()) << connected.status();
    session_ = *std::move(connected);
    Run("create schema s");
  }

  void Run(absl::string_view sql) {
    const absl::Status status = session_->Execute(sql, {});
    ASSERT_TRUE(status.ok()) << sql << ": " << status;
    ASSERT_TRUE(
        session_->Execute("select pg_stat_force_next_flush()", {}).ok());
  }

  std::vector<CatalogEntry> List() {
    const std::vector<SchemaName> schemas = {{credentials_.database, "s"}};
    const auto entries = warehouse_->ListRelations(schemas, {});
    EXPECT_TRUE(entries.ok()) << entries.status();
    return entries.ok() ? *entries : std::vector<CatalogEntry>();
  }

  std::string VersionOf(absl::string_view identifier) {
    for (const CatalogEntry& entry : List()) {
      if (entry.name.identifier == identifier) return entry.version;
    }
    return "absent";
  }

  // Why such a connection cannot be made.
  static absl::Status WhyNot(const Credentials& credentials) {
    return (*OpenPostgres(credentials, kDriverDir))->Connect().status();
  }

  Credentials Without(absl::string_view key, std::string value) const {
    Credentials changed = credentials_;
    for (auto& [name, old] : changed.parameters) {
      if (name == key) old = value;
    }
    return changed;
  }

  Credentials credentials_;
  std::shared_ptr<Warehouse> warehouse_;
  std::unique_ptr<Session> session_;
};

TEST_F(PostgresWarehouseTest, ListsEveryKind) {
  Run("create table s.a_table as select 1 as x");
  Run("create view s.a_view as select 1 as x");
  Run("create materialized view s.b_materialized as select 1 as x");
  Run("create foreign data wrapper w");
  Run("create server w foreign data wrapper w");
  Run("create foreign table s.c_foreign (x integer) server w");
  Run("create table s.d_partitioned (x integer) partition by list (x)");
  Run("create table s.e_part partition of s.d_partitioned default");
  Run("create sequence s.not_a_relation_of_dbt");

  std::vector<std::pair<std::string, RelationKind>> kinds;
  for (const CatalogEntry& entry : List()) {
    kinds.emplace_back(entry.name.identifier, entry.kind);
  }

  const std::vector<std::pair<std::string, RelationKind>> expected = {
      {"a_table", RelationKind::kTable},
      {"a_view", RelationKind::kView},
      {"b_materialized", RelationKind::kMaterializedView},
      {"c_foreign", RelationKind::kExternal},
      {"d_partitioned", RelationKind::kTable},
      {"e_part", RelationKind::kTable}};
  EXPECT_EQ(kinds, expected);
}

TEST_F(PostgresWarehouseTest, TellsSizeAndRows) {
  Run("create table s.t as select x from generate_series(1, 10000) x");
  Run("analyze s.t");

  const auto entries = List();

  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].row_count, 10000);
  EXPECT_GT(entries[0].size_bytes, 10000 * 4);
}

TEST_F(PostgresWarehouseTest, KnowsNoSizeBeforeItWasCounted) {
  Run("create table s.t as select x from generate_series(1, 10000) x");

  const auto entries = List();

  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].row_count, -1);
  EXPECT_EQ(entries[0].size_bytes, -1);
}

// With a limit: where it waited, it would fail.
TEST_F(PostgresWarehouseTest, ListsWhatOthersHaveLockedAgainstAll) {
  Run("create table s.t (x integer primary key, note text)");
  Run("create materialized view s.m as select * from s.t");
  Run("create view s.v as select * from s.t");
  Run("create table s.d (x integer) partition by list (x)");
  Run("create table s.e partition of s.d default");
  Run("analyze s.t");
  const auto before = List();
  Run("begin");
  Run("lock table s.t, s.v, s.d, s.e in access exclusive mode");
  Run("refresh materialized view s.m");

  const Credentials impatient =
      Without("options", "-c client_min_messages=warning -c lock_timeout=1s");
  const auto warehouse = *OpenPostgres(impatient, kDriverDir);
  const std::vector<SchemaName> schemas = {{impatient.database, "s"}};
  const auto listed = warehouse->ListRelations(schemas, {});
  DetailsWish table;
  table.name = {impatient.database, "s", "t"};
  const auto described =
      warehouse->Describe(std::span<const DetailsWish>(&table, 1), {});
  Run("rollback");

  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->size(), before.size());
  EXPECT_EQ(before.size(), 5u);
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ((*listed)[i].name, before[i].name);
    EXPECT_EQ((*listed)[i].version, before[i].version);
  }
  ASSERT_TRUE(described.ok()) << described.status();
  EXPECT_EQ((*described)[0].kind, RelationKind::kTable);
}

TEST_F(PostgresWarehouseTest, AnotherProcessEndsASessionByItsName) {
  const std::string name = NewUuid();
  const auto session = *warehouse_->ConnectAs(name);
  const auto other = *warehouse_->ConnectAs(NewUuid());
  ASSERT_TRUE(session->Execute("begin", {}).ok());
  ASSERT_TRUE(session->Execute("create table s.t (x integer)", {}).ok());
  absl::Status sent;
  std::jthread sending([&] {
    sent =
        session->Execute("insert into s.t select pg_sleep(600)::text::int", {});
  });
  const std::string running =
      "select pid from pg_stat_activity where query like 'insert%' and "
      "state = 'active' and datname = current_database()";
  while (session_->Query(running, {})->rows.empty()) {
  }

  const absl::Status ended =
      (*OpenPostgres(credentials_, kDriverDir))->EndSession(name, {});
  sending.join();

  EXPECT_TRUE(ended.ok()) << ended;
  EXPECT_EQ(GetReason(sent), Reason::kWarehouseUnreachable);
  EXPECT_TRUE(List().empty());
  EXPECT_TRUE(other->Execute("select 1", {}).ok());
  EXPECT_TRUE(warehouse_->EndSession(name, {}).ok());
}

TEST_F(PostgresWarehouseTest, WhatIsMadeAgainHasAnotherVersion) {
  Run("create table s.t as select 1 as x");
  const std::string first = VersionOf("t");

  Run("drop table s.t");
  Run("create table s.t as select 1 as x");
  const std::string again = VersionOf("t");
  Run("truncate s.t");

  EXPECT_NE(again, first);
  EXPECT_NE(VersionOf("t"), again);
  Run("create view s.v as select 1 as x");
  const std::string view = VersionOf("v");
  Run("drop view s.v");
  Run("create view s.v as select 1 as x");
  EXPECT_NE(VersionOf("v"), view);
}

TEST_F(PostgresWarehouseTest, AnUpdateAndARefreshChangeTheVersion) {
  Run("create table s.t as select 1 as x");
  Run("create materialized view s.m as select * from s.t");
  const std::string table = VersionOf("t");
  const std::string materialized = VersionOf("m");

  Run("update s.t set x = 2");
  EXPECT_NE(VersionOf("t"), table);
  EXPECT_EQ(VersionOf("m"), materialized);
  Run("refresh materialized view s.m");
  EXPECT_NE(VersionOf("m"), materialized);
}

TEST_F(PostgresWarehouseTest, TheRowsOfAPartitionCount) {
  Run("create table s.t (x integer) partition by list (x)");
  Run("create table s.p partition of s.t default");
  const std::string before = VersionOf("t");

  Run("insert into s.t values (1)");

  EXPECT_NE(VersionOf("t"), before);
}

// The server of tests has room for little more than a thousand locks.
TEST_F(PostgresWarehouseTest, ListsMoreViewsThanThereAreLocks) {
  constexpr int kViews = 2000;
  for (int i = 0; i < kViews; i += 200) {
    Run(absl::StrCat("do $$ begin for i in ", i, "..", i + 199,
                     " loop execute format('create table s.t%s (x integer)', "
                     "i); execute format('create view s.v%s as select * from "
                     "s.t%s', i, i); end loop; end $$"));
  }

  EXPECT_EQ(List().size(), size_t{2 * kViews});
}

TEST_F(PostgresWarehouseTest, AForeignKeyHoldsWhatItRefersTo) {
  Run("create table s.a (x integer primary key references s.a)");
  Run("create table s.b (x integer references s.a)");

  const auto entries = List();

  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].holders,
            (std::vector<RelationName>{{credentials_.database, "s", "b"}}));
  EXPECT_TRUE(entries[1].holders.empty());
}

// The statements of a plan, for each kind that may stand at a target.
TEST_F(PostgresWarehouseTest, APointerViewReplacesEveryKind) {
  Run("create table s.source as select 1 as x");
  Run("create foreign data wrapper w");
  Run("create server w foreign data wrapper w");
  Run("create materialized view s.t as select 0 as x");
  dialect::Making making;
  making.source = {credentials_.database, "s", "source"};
  making.target = {credentials_.database, "s", "t"};

  for (const RelationKind kind :
       {RelationKind::kMaterializedView, RelationKind::kView}) {
    making.replaces = kind;
    for (const std::string& statement :
         warehouse_->dialect().PointerView(making)) {
      Run(statement);
    }
  }
  Run("drop view s.t");
  Run("create foreign table s.t (x integer) server w");
  making.replaces = RelationKind::kExternal;
  for (const std::string& statement :
       warehouse_->dialect().PointerView(making)) {
    Run(statement);
  }

  EXPECT_EQ(List()[1].kind, RelationKind::kView);
}

TEST_F(PostgresWarehouseTest, ASchemaOfAnotherDatabaseIsEmpty) {
  Run("create table s.t as select 1 as x");
  const std::vector<SchemaName> schemas = {{"another", "s"}};

  EXPECT_TRUE(warehouse_->ListRelations(schemas, {})->empty());
  EXPECT_TRUE(warehouse_->ExistingSchemas(schemas, {})->empty());
}

TEST_F(PostgresWarehouseTest, TakesTheProfilesRole) {
  const std::string role = absl::StrCat("role_of_", credentials_.database);
  Run(absl::StrCat("create role ", role));
  credentials_.role = role;
  const auto warehouse = *OpenPostgres(credentials_, kDriverDir);

  const auto session = warehouse->Connect();

  ASSERT_TRUE(session.ok()) << session.status();
  EXPECT_EQ((*session)->Query("select current_user::text", {})->rows[0][0],
            role);
  EXPECT_EQ(GetReason((*session)->Execute("create table s.t (x integer)", {})),
            Reason::kWarehousePermissionDenied);
}

TEST_F(PostgresWarehouseTest, SaysWhyItCannotConnectAndTellsNoSecret) {
  Run("create role guarded login password 'right'");
  Credentials guarded = Without("user", "guarded");
  guarded.parameters.emplace_back("password", "hunter2");
  guarded.secrets = {"hunter2"};

  EXPECT_EQ(GetReason(WhyNot(guarded)), Reason::kWarehouseAuthenticationFailed);
  EXPECT_EQ(GetReason(WhyNot(Without("dbname", "nowhere"))),
            Reason::kWarehouseAuthenticationFailed);
  EXPECT_EQ(GetReason(WhyNot(Without("host", "/no/such/folder"))),
            Reason::kWarehouseUnreachable);
  // libpq's own words repeat what it cannot read.
  guarded.parameters.emplace_back("sslmode", "hunter2");
  const absl::Status repeated = WhyNot(guarded);
  EXPECT_TRUE(absl::StrContains(repeated.message(), "sslmode")) << repeated;
  EXPECT_FALSE(absl::StrContains(repeated.ToString(), "hunter2")) << repeated;
  EXPECT_FALSE(absl::StrContains(WhyNot(guarded).ToString(), "hunter2"));
}

TEST_F(PostgresWarehouseTest, SeesThatItsConnectionIsGone) {
  session_->Execute("select pg_terminate_backend(pg_backend_pid())", {})
      .IgnoreError();

  EXPECT_EQ(GetReason(session_->Execute("select 1", {})),
            Reason::kWarehouseUnreachable);
  EXPECT_TRUE(warehouse_->Connect().ok());
}

TEST_F(PostgresWarehouseTest, ATimeLimitIsNoCancel) {
  Run("set statement_timeout = 10");

  EXPECT_EQ(GetReason(session_->Execute("select pg_sleep(60)", {})),
            Reason::kWarehouseStatementFailed);
}

TEST(PostgresDriverTest, IsMissedWithWhatToDo) {
  EXPECT_TRUE(CheckDriver(kDriverDir).ok());
  EXPECT_EQ(GetReason(CheckDriver("/no/such/folder")),
            Reason::kWarehouseDriverMissing);
}

}  // namespace
}  // namespace doppel::warehouse::postgres

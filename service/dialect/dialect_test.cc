#include "service/dialect/dialect.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/error.h"

namespace doppel::dialect {
namespace {

constexpr Quoting kQuoted = {true, true, true};
constexpr Quoting kUnquoted = {false, false, false};

const Dialect& Of(absl::string_view type) { return **FindDialect(type); }

Making MakingOf(RelationKind replaces, const Quoting& quoting = kQuoted) {
  return {.source = {"db", "prod", "a"},
          .source_quoting = quoting,
          .target = {"db", "dev", "a"},
          .target_quoting = quoting,
          .replaces = replaces,
          .options = {},
          .as_of = {}};
}

using Statements = std::vector<std::string>;

TEST(FindDialectTest, KnowsEveryAdapterOfTheTable) {
  EXPECT_EQ(AllDialects().size(), 12);
  for (const Dialect* dialect : AllDialects()) {
    EXPECT_EQ(*FindDialect(dialect->type()), dialect);
  }
}

TEST(FindDialectTest, RejectsAnotherAdapterAndListsTheKnownOnes) {
  const absl::Status status = FindDialect("oracle").status();
  EXPECT_EQ(GetReason(status), Reason::kWarehouseUnsupported);
  EXPECT_TRUE(absl::StrContains(status.message(), "snowflake"));
}

TEST(RenderTest, FollowsEachWarehousesDefaultQuoting) {
  const RelationName name = {"Db", "prod", "orders"};
  const std::map<std::string, std::string> expected = {
      {"athena", "\"Db\".\"prod\".\"orders\""},
      {"bigquery", "`Db`.`prod`.`orders`"},
      {"clickhouse", "`prod`.`orders`"},
      {"databricks", "`db`.`prod`.`orders`"},
      {"duckdb", "\"Db\".\"prod\".\"orders\""},
      {"fabric", "[Db].[prod].[orders]"},
      {"postgres", "\"Db\".\"prod\".\"orders\""},
      {"redshift", "\"Db\".\"prod\".\"orders\""},
      {"snowflake", "Db.prod.orders"},
      {"spark", "prod.orders"},
      {"sqlserver", "\"Db\".\"prod\".\"orders\""},
      {"trino", "\"Db\".\"prod\".\"orders\""},
  };
  for (const auto& [type, rendered] : expected) {
    EXPECT_EQ(Of(type).Render(name, Of(type).default_quoting()), rendered);
  }
}

TEST(RenderTest, LeavesOutADatabaseThatIsNotSaid) {
  EXPECT_EQ(Of("postgres").Render({"", "prod", "a"}, kQuoted),
            "\"prod\".\"a\"");
}

TEST(RenderTest, QuotesWhatCouldNotStandUnquotedInTheCaseOfTheCatalog) {
  const Dialect& snowflake = Of("snowflake");
  EXPECT_EQ(snowflake.Render({"db", "s", "my-table"}, kUnquoted),
            "db.s.\"MY-TABLE\"");
  EXPECT_EQ(snowflake.Render({"db", "s", "order"}, kUnquoted),
            "db.s.\"ORDER\"");
  EXPECT_EQ(snowflake.Render({"db", "s", "1st"}, kUnquoted), "db.s.\"1ST\"");
  EXPECT_EQ(snowflake.Render({"db", "s", "a\"; drop table b"}, kUnquoted),
            "db.s.\"A\"\"; DROP TABLE B\"");
}

TEST(RenderTest, KeepsTheCaseOfWhatDuckDbWouldKeep) {
  EXPECT_EQ(Of("duckdb").Render({"Db", "S", "My-Table"}, kUnquoted),
            "Db.S.\"My-Table\"");
  EXPECT_EQ(Of("postgres").Render({"Db", "S", "My-Table"}, kUnquoted),
            "Db.S.\"my-table\"");
}

TEST(CatalogKeyTest, FoldsAsTheWarehouseDoes) {
  const RelationName name = {"Db", "Prod", "Orders"};
  const RelationName lower = {"db", "prod", "orders"};
  const RelationName upper = {"DB", "PROD", "ORDERS"};
  EXPECT_EQ(Of("duckdb").CatalogKey(name, kQuoted), lower);
  EXPECT_EQ(Of("databricks").CatalogKey(name, kQuoted), lower);
  EXPECT_EQ(Of("redshift").CatalogKey(name, kQuoted), lower);
  EXPECT_EQ(Of("postgres").CatalogKey(name, kQuoted), name);
  EXPECT_EQ(Of("postgres").CatalogKey(name, kUnquoted), lower);
  EXPECT_EQ(Of("snowflake").CatalogKey(name, kUnquoted), upper);
  EXPECT_EQ(Of("snowflake").CatalogKey(name, kQuoted), name);
  EXPECT_EQ(Of("bigquery").CatalogKey(name, kUnquoted), name);
  EXPECT_EQ(Of("spark").CatalogKey(name, kUnquoted),
            (RelationName{"", "prod", "orders"}));
}

// Reads a quoted identifier as the warehouse would: what it names, and what is
// left of the text behind it.
std::pair<std::string, std::string> Unquote(absl::string_view text,
                                            bool backslash) {
  const char quote = text[0] == '[' ? ']' : text[0];
  std::string name;
  size_t i = 1;
  for (; i < text.size(); ++i) {
    if (backslash && text[i] == '\\') {
      const char escaped = text[++i];
      name.push_back(escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped);
    } else if (text[i] != quote) {
      name.push_back(text[i]);
    } else if (!backslash && i + 1 < text.size() && text[i + 1] == quote) {
      name.push_back(text[++i]);
    } else {
      break;
    }
  }
  return {name, std::string(text.substr(i + 1))};
}

TEST(QuoteIdentifierTest, NoIdentifierEndsItsQuotes) {
  const std::string attacks[] = {
      "plain",
      "two words",
      "a\"b",
      "a\"\"b\"",
      "\"",
      "a`b",
      "``",
      "a\\",
      "a\\\"; drop table x; --",
      "a\\`; drop table x; --",
      "x'; drop table y; --",
      "[a]]",
      "line\nbreak\r\ttab",
      "sch\xC3\xB6n \xE2\x9D\x84",
      "select",
      "/* comment */",
      "$$",
      std::string(255, 'x'),
      std::string(255, '"'),
      std::string(255, '`'),
  };
  for (const Dialect* dialect : AllDialects()) {
    const bool backslash =
        dialect->type() == "bigquery" || dialect->type() == "clickhouse";
    for (const std::string& attack : attacks) {
      const std::string quoted = dialect->QuoteIdentifier(attack);
      const auto [name, rest] = Unquote(quoted, backslash);
      EXPECT_EQ(name, attack) << dialect->type();
      EXPECT_EQ(rest, "") << dialect->type() << " " << quoted;
    }
  }
}

TEST(SchemaTest, IsCreatedUnderTheNameThatTheWarehouseTakes) {
  const SchemaName schema = {"db", "dev"};
  const std::map<std::string, std::string> expected = {
      {"duckdb", "create schema if not exists \"db\".\"dev\""},
      {"postgres", "create schema if not exists \"dev\""},
      {"redshift", "create schema if not exists \"dev\""},
      {"snowflake", "create schema if not exists db.dev"},
      {"bigquery", "create schema if not exists `db`.`dev`"},
      {"spark", "create schema if not exists dev"},
      {"clickhouse", "create database if not exists `dev`"},
      {"athena", "create schema if not exists `dev`"},
      {"fabric", "if schema_id(N'dev') is null exec(N'create schema [dev]')"},
  };
  for (const auto& [type, statement] : expected) {
    EXPECT_EQ(Of(type).CreateSchema(schema, Of(type).default_quoting()),
              Statements{statement});
  }
  EXPECT_EQ(Of("sqlserver").CreateSchema({"", "it's"}, kQuoted),
            Statements{"if schema_id(N'it''s') is null "
                       "exec(N'create schema \"it''s\"')"});
}

TEST(SchemaTest, IsDroppedOnlyWhereThatSparesItsContent) {
  const SchemaName schema = {"db", "dev"};
  const std::map<std::string, Statements> expected = {
      {"duckdb", {"drop schema \"db\".\"dev\""}},
      {"postgres", {"drop schema \"dev\""}},
      {"bigquery", {"drop schema `db`.`dev`"}},
      {"spark", {"drop schema dev"}},
      {"athena", {"drop schema `dev`"}},
      {"fabric", {"drop schema [dev]"}},
      {"snowflake", {}},
      {"clickhouse", {}},
  };
  for (const auto& [type, statements] : expected) {
    EXPECT_EQ(Of(type).DropSchema(schema, Of(type).default_quoting()),
              statements)
        << type;
  }
}

TEST(DuckDbTest, MakesBesideAndSwapsInATransaction) {
  const Dialect& duckdb = Of("duckdb");
  EXPECT_EQ(duckdb.PointerView(MakingOf(RelationKind::kUnknown)),
            Statements{"create view \"db\".\"dev\".\"a\" as select * from "
                       "\"db\".\"prod\".\"a\""});
  EXPECT_EQ(duckdb.PointerView(MakingOf(RelationKind::kView)),
            Statements{"create or replace view \"db\".\"dev\".\"a\" as select "
                       "* from \"db\".\"prod\".\"a\""});
  EXPECT_EQ(
      duckdb.PointerView(MakingOf(RelationKind::kTable)),
      (Statements{"begin",
                  "create view \"db\".\"dev\".\"a__doppel_new\" as select * "
                  "from \"db\".\"prod\".\"a\"",
                  "drop table \"db\".\"dev\".\"a\"",
                  "alter view \"db\".\"dev\".\"a__doppel_new\" rename to \"a\"",
                  "commit"}));
  EXPECT_EQ(duckdb.CopyTable(MakingOf(RelationKind::kTable)),
            Statements{"create or replace table \"db\".\"dev\".\"a\" as select "
                       "* from \"db\".\"prod\".\"a\""});
  EXPECT_EQ(duckdb.Drop({"db", "dev", "a"}, kQuoted, RelationKind::kView),
            Statements{"drop view \"db\".\"dev\".\"a\""});
}

TEST(CloneTest, HasEachWarehousesOwnStatement) {
  const std::map<std::string, std::string> expected = {
      {"snowflake", "create transient table db.dev.a clone db.prod.a"},
      {"bigquery", "create table `db`.`dev`.`a` clone `db`.`prod`.`a`"},
      {"databricks",
       "create table `db`.`dev`.`a` shallow clone `db`.`prod`.`a`"},
      {"spark", "create table dev.a shallow clone prod.a"},
      {"fabric", "create table [db].[dev].[a] as clone of [db].[prod].[a]"},
      {"clickhouse", "create table `dev`.`a` clone as `prod`.`a`"},
  };
  for (const Dialect* dialect : AllDialects()) {
    const auto statement = expected.find(std::string(dialect->type()));
    EXPECT_EQ(dialect->capabilities().zero_copy_clone,
              statement != expected.end());
    if (statement == expected.end()) continue;
    EXPECT_EQ(dialect->CloneTable(
                  MakingOf(RelationKind::kUnknown, dialect->default_quoting())),
              Statements{statement->second});
  }
}

TEST(CloneTest, SnowflakeFollowsTheConfig) {
  Making making = MakingOf(RelationKind::kTable, kUnquoted);
  EXPECT_EQ(Of("snowflake").CloneTable(making),
            Statements{"create or replace transient table db.dev.a clone "
                       "db.prod.a"});
  making.options = {.transient = false,
                    .copy_grants = true,
                    .copy_tags = true,
                    .file_format = "",
                    .engine = "",
                    .table_format = ""};
  EXPECT_EQ(Of("snowflake").CloneTable(making),
            Statements{"create or replace table db.dev.a clone db.prod.a copy "
                       "grants copy tags"});
}

TEST(CloneTest, WhatStoodThereIsRenamedAwayFirst) {
  EXPECT_EQ(
      Of("snowflake").CloneTable(MakingOf(RelationKind::kView, kUnquoted)),
      (Statements{
          "create or replace transient table db.dev.a__doppel_new clone "
          "db.prod.a",
          "alter view db.dev.a rename to db.dev.a__doppel_old",
          "alter table db.dev.a__doppel_new rename to db.dev.a",
          "drop view db.dev.a__doppel_old"}));
  EXPECT_EQ(Of("bigquery").CloneTable(MakingOf(RelationKind::kTable)),
            (Statements{"create or replace table `db`.`dev`.`a__doppel_new` "
                        "clone `db`.`prod`.`a`",
                        "alter table `db`.`dev`.`a` rename to `a__doppel_old`",
                        "alter table `db`.`dev`.`a__doppel_new` rename to `a`",
                        "drop table `db`.`dev`.`a__doppel_old`"}));
  EXPECT_EQ(Of("clickhouse").CloneTable(MakingOf(RelationKind::kView)),
            (Statements{"create or replace table `dev`.`a__doppel_new` clone "
                        "as `prod`.`a`",
                        "exchange tables `dev`.`a__doppel_new` and `dev`.`a`",
                        "drop view `dev`.`a__doppel_new`"}));
}

TEST(CloneTest, OnlyOfWhatTheWarehouseCanClone) {
  for (const Dialect* dialect : AllDialects()) {
    EXPECT_FALSE(dialect->CanClone(RelationKind::kView, {}));
    EXPECT_FALSE(dialect->CanClone(RelationKind::kExternal, {}));
  }
  EXPECT_TRUE(Of("snowflake").CanClone(RelationKind::kTable, {}));
  EXPECT_FALSE(Of("duckdb").CanClone(RelationKind::kTable, {}));
  TableOptions parquet;
  parquet.file_format = "parquet";
  TableOptions delta;
  delta.file_format = "delta";
  EXPECT_FALSE(Of("spark").CanClone(RelationKind::kTable, {}));
  EXPECT_TRUE(Of("spark").CanClone(RelationKind::kTable, delta));
  EXPECT_TRUE(Of("databricks").CanClone(RelationKind::kTable, {}));
  EXPECT_FALSE(Of("databricks").CanClone(RelationKind::kTable, parquet));
  TableOptions memory;
  memory.engine = "memory";
  TableOptions merge_tree;
  merge_tree.engine = "replacingmergetree()";
  EXPECT_FALSE(Of("clickhouse").CanClone(RelationKind::kTable, memory));
  EXPECT_TRUE(Of("clickhouse").CanClone(RelationKind::kTable, merge_tree));
}

TEST(CloneTest, TakesTheSourceAsItWasAtOneTime) {
  const std::map<std::string, std::string> expected = {
      {"snowflake",
       "create transient table db.dev.a clone db.prod.a at (timestamp => "
       "'2026-01-02T03:04:05.678901+00:00'::timestamp_tz) copy grants"},
      {"bigquery",
       "create table `db`.`dev`.`a` clone `db`.`prod`.`a` for system_time as "
       "of timestamp '2026-01-02 03:04:05.678901+00:00'"},
      {"databricks",
       "create table `db`.`dev`.`a` shallow clone `db`.`prod`.`a` timestamp as "
       "of '2026-01-02T03:04:05.678901Z'"},
      {"spark",
       "create table dev.a shallow clone prod.a timestamp as of "
       "'2026-01-02T03:04:05.678901Z'"},
      {"fabric",
       "create table [db].[dev].[a] as clone of [db].[prod].[a] at "
       "'2026-01-02T03:04:05'"},
  };
  for (const Dialect* dialect : AllDialects()) {
    const auto statement = expected.find(std::string(dialect->type()));
    EXPECT_EQ(dialect->capabilities().time_travel, statement != expected.end());
    if (statement == expected.end()) continue;
    Making making =
        MakingOf(RelationKind::kUnknown, dialect->default_quoting());
    making.options.copy_grants = true;
    making.as_of = absl::FromUnixMicros(1767323045678901);
    EXPECT_EQ(dialect->CloneTable(making), Statements{statement->second});
  }
}

TEST(CloneTest, AnIcebergTableBecomesOne) {
  Making making = MakingOf(RelationKind::kTable, kUnquoted);
  making.options.table_format = "iceberg";
  EXPECT_EQ(Of("snowflake").CloneTable(making),
            Statements{"create or replace iceberg table db.dev.a clone "
                       "db.prod.a"});
}

TEST(CloneTest, ASchemaIsClonedWhole) {
  for (const Dialect* dialect : AllDialects()) {
    const Statements statements = dialect->CloneSchema(
        {"db", "prod"}, {"db", "dev"}, dialect->default_quoting(), {});
    EXPECT_EQ(dialect->capabilities().clones_schemas, !statements.empty());
  }
  EXPECT_EQ(Of("snowflake")
                .CloneSchema({"db", "prod"}, {"db", "dev"}, kUnquoted,
                             absl::UnixEpoch()),
            Statements{"create schema db.dev clone db.prod at (timestamp => "
                       "'1970-01-01T00:00:00.000000+00:00'::timestamp_tz)"});
}

TEST(CloneTest, SparkRenamesNoTableToWhereAnotherStood) {
  Making making = MakingOf(RelationKind::kTable, kUnquoted);
  making.options.file_format = "delta";
  EXPECT_EQ(Of("spark").CloneTable(making),
            (Statements{"create table dev.a__doppel_new shallow clone prod.a",
                        "alter table dev.a rename to dev.a__doppel_old",
                        "create table dev.a shallow clone prod.a",
                        "drop table dev.a__doppel_new",
                        "drop table dev.a__doppel_old"}));
}

TEST(CopyTest, IsDeepWhereDeltaHasThat) {
  EXPECT_EQ(Of("databricks").CopyTable(MakingOf(RelationKind::kUnknown)),
            Statements{"create table `db`.`dev`.`a` deep clone "
                       "`db`.`prod`.`a`"});
  Making making = MakingOf(RelationKind::kUnknown, kUnquoted);
  making.options.file_format = "delta";
  EXPECT_EQ(Of("spark").CopyTable(making),
            Statements{"create table dev.a using delta as select * from "
                       "prod.a"});
}

TEST(SwapTest, TwoRelationsChangePlaces) {
  const Standing blue = {{"db", "prod", "a"}, RelationKind::kTable};
  const Standing green = {{"db", "next", "b"}, RelationKind::kTable};
  const Standing view = {{"db", "next", "b"}, RelationKind::kView};
  EXPECT_EQ(Of("snowflake").SwapRelations(blue, green, kUnquoted),
            Statements{"alter table db.prod.a swap with db.next.b"});
  EXPECT_EQ(
      Of("snowflake").SwapRelations(blue, view, kUnquoted),
      (Statements{"alter view db.next.b rename to db.next.b__doppel_old",
                  "alter table db.prod.a rename to db.next.b",
                  "alter view db.next.b__doppel_old rename to db.prod.a"}));
  EXPECT_EQ(Of("clickhouse").SwapRelations(blue, view, kQuoted),
            Statements{"exchange tables `prod`.`a` and `next`.`b`"});
  EXPECT_EQ(
      Of("postgres").SwapRelations(blue, view, kUnquoted),
      (Statements{"begin", "alter table db.prod.a rename to a__doppel_new",
                  "alter view db.next.b rename to b__doppel_old",
                  "alter table db.prod.a__doppel_new set schema next",
                  "alter view db.next.b__doppel_old set schema prod",
                  "alter table db.next.a__doppel_new rename to b",
                  "alter view db.prod.b__doppel_old rename to a", "commit"}));
}

TEST(SwapTest, IsNoneWhereARelationCannotMove) {
  const Standing blue = {{"db", "prod", "a"}, RelationKind::kTable};
  const Standing green = {{"db", "next", "a"}, RelationKind::kTable};
  const Standing beside = {{"db", "prod", "b"}, RelationKind::kTable};
  for (const absl::string_view type :
       {"athena", "bigquery", "databricks", "duckdb", "fabric", "redshift",
        "spark", "sqlserver"}) {
    EXPECT_EQ(Of(type).SwapRelations(blue, green, kQuoted), Statements{});
    EXPECT_EQ(Of(type).SwapRelations(blue, beside, kQuoted).empty(),
              type == "athena" || type == "spark")
        << type;
  }
  EXPECT_EQ(Of("sqlserver").SwapRelations(blue, beside, kQuoted),
            (Statements{"begin transaction",
                        "exec sp_rename N'\"prod\".\"b\"', N'b__doppel_old'",
                        "exec sp_rename N'\"prod\".\"a\"', N'b'",
                        "exec sp_rename N'\"prod\".\"b__doppel_old\"', N'a'",
                        "commit transaction"}));
}

TEST(SwapTest, TwoSchemasChangeNames) {
  const SchemaName prod = {"db", "prod"};
  const SchemaName next = {"db", "next"};
  EXPECT_EQ(Of("snowflake").SwapSchemas(prod, next, kUnquoted),
            Statements{"alter schema db.prod swap with db.next"});
  for (const absl::string_view type : {"postgres", "redshift"}) {
    EXPECT_EQ(
        Of(type).SwapSchemas(prod, next, kUnquoted),
        (Statements{"begin", "alter schema next rename to next__doppel_old",
                    "alter schema prod rename to next",
                    "alter schema next__doppel_old rename to prod", "commit"}));
  }
  EXPECT_EQ(Of("duckdb").SwapSchemas(prod, next, kQuoted), Statements{});
}

TEST(PointerViewTest, AnUnrenamableViewIsProvenBesideAndThenMadeInPlace) {
  EXPECT_EQ(
      Of("bigquery").PointerView(MakingOf(RelationKind::kTable)),
      (Statements{
          "create or replace view `db`.`dev`.`a__doppel_new` as select * from "
          "`db`.`prod`.`a`",
          "alter table `db`.`dev`.`a` rename to `a__doppel_old`",
          "create view `db`.`dev`.`a` as select * from `db`.`prod`.`a`",
          "drop view `db`.`dev`.`a__doppel_new`",
          "drop table `db`.`dev`.`a__doppel_old`"}));
}

TEST(PointerViewTest, IsLateBindingOnRedshift) {
  EXPECT_EQ(Of("redshift").PointerView(MakingOf(RelationKind::kUnknown)),
            Statements{"create view \"db\".\"dev\".\"a\" as select * from "
                       "\"db\".\"prod\".\"a\" with no schema binding"});
}

TEST(PointerViewTest, TakesNoDatabaseInTsql) {
  EXPECT_EQ(Of("fabric").PointerView(MakingOf(RelationKind::kView)),
            Statements{"create or alter view [dev].[a] as select * from "
                       "[db].[prod].[a]"});
}

// In every warehouse, a replacement is made under another name, or by one
// statement, or in a transaction, before what stands there is dropped.
TEST(ReplaceTest, NothingIsDroppedBeforeItsReplacementIsMade) {
  const RelationKind kinds[] = {RelationKind::kTable, RelationKind::kView,
                                RelationKind::kMaterializedView};
  for (const Dialect* dialect : AllDialects()) {
    for (const RelationKind kind : kinds) {
      const Making making = MakingOf(kind, dialect->default_quoting());
      for (const Statements& statements :
           {dialect->PointerView(making), dialect->CopyTable(making),
            dialect->CloneTable(making)}) {
        if (statements.empty()) continue;
        const std::string& first = statements.front();
        EXPECT_TRUE(absl::StartsWith(first, "create") ||
                    absl::StartsWith(first, "begin"))
            << dialect->type() << " " << first;
        EXPECT_EQ(absl::StartsWith(first, "begin"),
                  absl::StartsWith(statements.back(), "commit"));
      }
    }
  }
}

TEST(ReplaceTest, TheNameBesideFitsTheWarehouse) {
  Making making = MakingOf(RelationKind::kTable);
  // The 42 bytes that fit would end within a character of two.
  making.target.identifier =
      absl::StrCat(std::string(41, 'x'), "\xC3\xB6", std::string(30, 'x'));
  const Statements statements = Of("postgres").PointerView(making);
  const std::string kept = absl::StrCat(".\"", std::string(41, 'x'), "_");
  EXPECT_TRUE(absl::StrContains(statements[1], kept)) << statements[1];
  making.target.identifier.back() = 'y';
  EXPECT_NE(Of("postgres").PointerView(making)[1], statements[1]);
}

}  // namespace
}  // namespace doppel::dialect

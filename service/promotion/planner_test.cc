#include "service/promotion/planner.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/deferral/test_manifest.h"
#include "service/promotion/places.h"
#include "service/promotion/rollback.h"

namespace doppel::promotion {
namespace {

using deferral::TestManifestOptions;
using deferral::TestNode;
using Texts = std::vector<std::string>;

std::vector<TestNode> Project() {
  return {{.unique_id = "model.shop.stg"},
          {.unique_id = "model.shop.mart",
           .parents = {"model.shop.stg"},
           .materialized = "view"}};
}

CatalogEntry Entry(const std::string& schema, const std::string& identifier,
                   RelationKind kind, const std::string& version,
                   std::vector<RelationName> holders = {}) {
  return {{"db", schema, identifier}, kind, version, -1, -1,
          std::move(holders)};
}

RelationDetails Details(const std::string& schema,
                        const std::string& identifier, RelationKind kind,
                        const std::string& definition,
                        const std::string& content = "") {
  RelationDetails details;
  details.name = {"db", schema, identifier};
  details.kind = kind;
  details.definition = definition;
  details.content = content;
  return details;
}

struct Question {
  std::string adapter = "duckdb";
  std::vector<TestNode> from = Project();
  std::vector<TestNode> to = Project();
  Texts selected = {"model.shop.stg", "model.shop.mart"};
  std::vector<CatalogEntry> catalog = {
      Entry("blue", "stg", RelationKind::kTable, "b1",
            {{"db", "blue", "mart"}}),
      Entry("blue", "mart", RelationKind::kView, "b2"),
      Entry("prod", "stg", RelationKind::kTable, "p1",
            {{"db", "prod", "mart"}}),
      Entry("prod", "mart", RelationKind::kView, "p2")};
  std::vector<SchemaName> schemas = {{"db", "blue"}, {"db", "prod"}};
  std::vector<RelationDetails> details = {
      Details("blue", "stg", RelationKind::kTable, "(id integer)", "1 1"),
      Details("blue", "mart", RelationKind::kView,
              "as select * from db.blue.stg"),
      Details("prod", "stg", RelationKind::kTable, "(id bigint)", "2 2"),
      Details("prod", "mart", RelationKind::kView,
              "as select * from db.prod.stg")};
};

absl::StatusOr<clone::Plan> Ask(const Question& question) {
  TestManifestOptions options;
  options.adapter = question.adapter;
  options.schema = "blue";
  const auto from = deferral::MakeTestManifest(question.from, options);
  options.schema = "prod";
  const auto to = deferral::MakeTestManifest(question.to, options);
  const std::vector<Place> places = PlacesOf(*from, *to, "db");
  const auto selected = deferral::NodesOf(*from, question.selected);
  PromotionInputs inputs;
  inputs.from = from.get();
  inputs.places = places;
  inputs.selected = selected;
  inputs.dialect = *dialect::FindDialect(question.adapter);
  inputs.from_quoting = inputs.dialect->default_quoting();
  inputs.to_quoting = inputs.from_quoting;
  inputs.catalog = question.catalog;
  inputs.existing_schemas = question.schemas;
  inputs.details = question.details;
  inputs.tag = "0a1b2c3d";
  return PlanPromotion(inputs);
}

Question Postgres() {
  Question question;
  question.adapter = "postgres";
  question.details.clear();
  return question;
}

TEST(PromotionTest, DuckDbKeepsTheOldBesideAndCopiesTheNewInOneTransaction) {
  const auto plan = Ask({});

  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->operations.size(), 1);
  EXPECT_EQ(plan->operations[0].statements,
            (Texts{"begin",
                   "alter view \"db\".\"prod\".\"mart\" rename to "
                   "\"mart__doppel_old_0a1b2c3d\"",
                   "alter table \"db\".\"prod\".\"stg\" rename to "
                   "\"stg__doppel_old_0a1b2c3d\"",
                   "create table \"db\".\"prod\".\"stg\"(id integer)",
                   "insert into \"db\".\"prod\".\"stg\" select * from "
                   "\"db\".\"blue\".\"stg\"",
                   "create view \"db\".\"prod\".\"mart\" as select * from "
                   "\"db\".\"prod\".\"stg\"",
                   "commit"}));
  EXPECT_EQ(plan->operations[0].placements.size(), 2);
  EXPECT_TRUE(plan->operations[0].placements[0].copied);
  EXPECT_EQ(plan->preconditions.size(), 6);
}

TEST(PromotionTest, PostgresMovesBothSidesInOneTransaction) {
  const auto plan = Ask(Postgres());

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->operations[0].statements,
            (Texts{"begin", "set local lock_timeout = '900ms'",
                   "create schema if not exists \"prod__doppel_old_0a1b2c3d\"",
                   "alter view \"db\".\"prod\".\"mart\" set schema "
                   "\"prod__doppel_old_0a1b2c3d\"",
                   "alter table \"db\".\"prod\".\"stg\" set schema "
                   "\"prod__doppel_old_0a1b2c3d\"",
                   "alter table \"db\".\"blue\".\"stg\" set schema \"prod\"",
                   "alter view \"db\".\"blue\".\"mart\" set schema \"prod\"",
                   "commit"}));
}

TEST(PromotionTest, BindsOthersViewsToTheNewRelation) {
  Question question = Postgres();
  question.catalog[2].holders.push_back({"db", "bi", "report"});
  question.details = {Details("bi", "report", RelationKind::kView,
                              "as select id from prod.stg")};

  const auto plan = Ask(question);

  ASSERT_TRUE(plan.ok()) << plan.status();
  const Texts& statements = plan->operations[0].statements;
  EXPECT_EQ(statements[statements.size() - 2],
            "create or replace view \"db\".\"bi\".\"report\" as select id from "
            "prod.stg");
}

TEST(PromotionTest, RefusesWhatWouldStayWithTheOldSide) {
  Question question = Postgres();
  question.catalog[2].holders.push_back({"db", "bi", "cube"});
  question.details = {
      Details("bi", "cube", RelationKind::kMaterializedView, "")};

  const auto plan = Ask(question);

  EXPECT_EQ(GetReason(plan.status()), Reason::kPlanHasErrors);
  EXPECT_TRUE(absl::StrContains(plan.status().message(), "cube"));
}

TEST(PromotionTest, RefusesAViewOfWhatIsNotSelected) {
  Question question = Postgres();
  question.selected = {"model.shop.mart"};

  const auto plan = Ask(question);

  EXPECT_EQ(GetReason(plan.status()), Reason::kPlanHasErrors);
  EXPECT_TRUE(absl::StrContains(plan.status().message(), "model.shop.stg"));
}

TEST(PromotionTest, LetsAViewReadWhatStaysWhereNamesDecide) {
  Question question;
  // Where names decide, nothing holds what it reads.
  for (CatalogEntry& entry : question.catalog) entry.holders.clear();
  question.selected = {"model.shop.mart"};

  const auto plan = Ask(question);

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->operations[0].statements[2],
            "create view \"db\".\"prod\".\"mart\" as select * from "
            "\"db\".\"prod\".\"stg\"");
}

TEST(PromotionTest, PutsNewNodesWhereTheirNeighboursAre) {
  Question question = Postgres();
  question.to = {{.unique_id = "model.shop.stg"}};
  question.catalog.pop_back();
  question.catalog[2].holders.clear();

  const auto plan = Ask(question);

  ASSERT_TRUE(plan.ok()) << plan.status();
  const clone::Placement& mart = plan->operations[0].placements[1];
  EXPECT_EQ(mart.target.name, (RelationName{"db", "prod", "mart"}));
  EXPECT_FALSE(mart.kept_as.has_value());
}

TEST(PlacesTest, FollowCustomSchemas) {
  TestManifestOptions options;
  options.schema = "blue";
  const auto from = deferral::MakeTestManifest(
      {{.unique_id = "model.shop.a"},
       {.unique_id = "model.shop.b", .schema = "blue_finance"},
       {.unique_id = "model.shop.c", .schema = "elsewhere"}},
      options);
  options.schema = "prod";
  const auto to =
      deferral::MakeTestManifest({{.unique_id = "model.shop.a"}}, options);

  const std::vector<Place> places = PlacesOf(*from, *to, "");

  ASSERT_EQ(places.size(), 3);
  EXPECT_EQ(places[1].to, (RelationName{"db", "prod_finance", "b"}));
  EXPECT_FALSE(places[2].to.has_value());
}

TEST(PromotionTest, RefusesWhatWasNotBuilt) {
  Question question;
  question.catalog.erase(question.catalog.begin());

  EXPECT_EQ(GetReason(Ask(question).status()), Reason::kPlanHasErrors);
}

TEST(PromotionTest, ClickHouseExchangesAndThenPutsAside) {
  Question question;
  question.adapter = "clickhouse";
  question.from = {{.unique_id = "model.shop.stg"}};
  question.to = question.from;
  question.selected = {"model.shop.stg"};

  const auto plan = Ask(question);

  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->operations.size(), 2);
  EXPECT_EQ(plan->operations[0].statements,
            (Texts{"exchange tables `blue`.`stg` and `prod`.`stg`"}));
  EXPECT_EQ(plan->operations[1].statements,
            (Texts{"rename table `blue`.`stg` to "
                   "`prod`.`stg__doppel_old_0a1b2c3d`"}));
  EXPECT_EQ(plan->operations[1].depends_on, (std::vector<int>{1}));
  EXPECT_EQ(plan->warnings.back().name, "NotAtomic");
}

// --- the way back ---

struct Way {
  clone::Plan promotion;
  bool is_done = true;
  std::string adapter = "duckdb";
  std::vector<CatalogEntry> catalog;
  std::vector<SchemaName> schemas = {{"db", "blue"}, {"db", "prod"}};
  std::vector<RelationDetails> details;
};

absl::StatusOr<clone::Plan> AskBack(const Way& way) {
  RollbackInputs inputs;
  inputs.promotion = &way.promotion;
  inputs.is_done = way.is_done;
  inputs.dialect = *dialect::FindDialect(way.adapter);
  inputs.catalog = way.catalog;
  inputs.existing_schemas = way.schemas;
  inputs.details = way.details;
  inputs.tag = "9f9f9f9f";
  return PlanRollback(inputs);
}

// DuckDB, after the promotion.
Way PromotedDuckDb() {
  const Question question;
  Way way;
  way.promotion = Ask(question).value();
  way.catalog = question.catalog;
  way.catalog.push_back(
      Entry("prod", "stg__doppel_old_0a1b2c3d", RelationKind::kTable, "x"));
  way.catalog.push_back(
      Entry("prod", "mart__doppel_old_0a1b2c3d", RelationKind::kView, "x"));
  way.details = {
      Details("prod", "stg", RelationKind::kTable, "(id INTEGER)", "1 1"),
      Details("prod", "mart", RelationKind::kView,
              "AS SELECT * FROM db.prod.stg"),
      Details("prod", "stg__doppel_old_0a1b2c3d", RelationKind::kTable,
              "(id BIGINT)", "2 2"),
      Details("prod", "mart__doppel_old_0a1b2c3d", RelationKind::kView,
              "as select * from db.prod.stg")};
  return way;
}

Way PromotedPostgres() {
  Way way;
  way.adapter = "postgres";
  way.promotion = Ask(Postgres()).value();
  const std::string aside = "prod__doppel_old_0a1b2c3d";
  way.catalog = {
      Entry("prod", "stg", RelationKind::kTable, "b1",
            {{"db", "prod", "mart"}}),
      Entry("prod", "mart", RelationKind::kView, "b2"),
      Entry(aside, "stg", RelationKind::kTable, "p1", {{"db", aside, "mart"}}),
      Entry(aside, "mart", RelationKind::kView, "p2")};
  way.schemas.push_back({"db", aside});
  return way;
}

TEST(RollbackTest, DropsCopiesAndPutsTheOldBack) {
  const auto plan = AskBack(PromotedDuckDb());

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->operations[0].statements,
            (Texts{"begin", "drop view \"db\".\"prod\".\"mart\"",
                   "drop table \"db\".\"prod\".\"stg\"",
                   "alter table \"db\".\"prod\".\"stg__doppel_old_0a1b2c3d\" "
                   "rename to \"stg\"",
                   "alter view \"db\".\"prod\".\"mart__doppel_old_0a1b2c3d\" "
                   "rename to \"mart\"",
                   "commit"}));
  EXPECT_EQ(plan->kind, clone::PlanKind::kRollback);
}

TEST(RollbackTest, KeepsACopyWhoseSourceWasBuiltAgain) {
  Way way = PromotedDuckDb();
  way.catalog[0].version = "b9";

  const auto plan = AskBack(way);

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->operations[0].statements[2],
            "alter table \"db\".\"prod\".\"stg\" rename to "
            "\"stg__doppel_new_9f9f9f9f\"");
  EXPECT_TRUE(plan->operations[0].placements[0].expires);
}

TEST(RollbackTest, MovesAllBackToWhereItWas) {
  const auto plan = AskBack(PromotedPostgres());

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(
      plan->operations[0].statements,
      (Texts{"begin", "set local lock_timeout = '900ms'",
             "alter view \"db\".\"prod\".\"mart\" set schema \"blue\"",
             "alter table \"db\".\"prod\".\"stg\" set schema \"blue\"",
             "alter table \"db\".\"prod__doppel_old_0a1b2c3d\".\"stg\" set "
             "schema \"prod\"",
             "alter view \"db\".\"prod__doppel_old_0a1b2c3d\".\"mart\" set "
             "schema \"prod\"",
             "drop schema \"prod__doppel_old_0a1b2c3d\"", "commit"}));
}

TEST(RollbackTest, PutsWhatWasPromotedAsideWhereItsNameIsTaken) {
  Way way = PromotedPostgres();
  way.catalog.push_back(Entry("blue", "stg", RelationKind::kTable, "b9"));

  const auto plan = AskBack(way);

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->operations[0].statements[2],
            "create schema if not exists \"prod__doppel_new_9f9f9f9f\"");
}

TEST(RollbackTest, RefusesWhereLaterRowsWouldBeLost) {
  Way duckdb = PromotedDuckDb();
  duckdb.details[0].content = "1 7";
  Way postgres = PromotedPostgres();
  postgres.catalog[0].version = "b7";

  for (const Way& way : {duckdb, postgres}) {
    const auto plan = AskBack(way);
    EXPECT_EQ(GetReason(plan.status()), Reason::kWorldChanged);
    EXPECT_TRUE(absl::StrContains(plan.status().message(),
                                  "these changes would be lost"))
        << plan.status();
  }
}

TEST(RollbackTest, RefusesWhereTheOldSideIsGoneOrChanged) {
  Way changed = PromotedDuckDb();
  changed.details[2].content = "9 9";
  Way gone = PromotedPostgres();
  gone.catalog.pop_back();

  EXPECT_EQ(GetReason(AskBack(changed).status()), Reason::kWorldChanged);
  EXPECT_EQ(GetReason(AskBack(gone).status()), Reason::kWorldChanged);
}

TEST(RollbackTest, HasNothingToDoWhereNothingTookEffect) {
  Way way = PromotedDuckDb();
  way.is_done = false;
  way.catalog.resize(4);

  EXPECT_EQ(GetReason(AskBack(way).status()), Reason::kPlanEmpty);
}

}  // namespace
}  // namespace doppel::promotion

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
  bool must_be_atomic = false;
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
  inputs.keep_seconds = 7 * 24 * 3600;
  inputs.must_be_atomic = question.must_be_atomic;
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

// --- where tables keep their versions ---

RelationDetails Table(const std::string& schema, const std::string& identifier,
                      std::vector<TableVersion> versions) {
  RelationDetails details =
      Details(schema, identifier, RelationKind::kTable, "");
  details.versions = std::move(versions);
  return details;
}

// A table and a view that stand on both sides, and a table that is new.
Question Delta() {
  Question question;
  question.adapter = "spark";
  question.from = {{.unique_id = "model.shop.stg"},
                   {.unique_id = "model.shop.fresh"},
                   {.unique_id = "model.shop.mart",
                    .parents = {"model.shop.stg"},
                    .materialized = "view"}};
  question.selected = {"model.shop.stg", "model.shop.fresh", "model.shop.mart"};
  for (CatalogEntry& entry : question.catalog) entry.holders.clear();
  question.catalog.push_back(
      Entry("blue", "fresh", RelationKind::kTable, "b3"));
  question.details = {
      Table("blue", "stg", {{3, ""}}), Table("blue", "fresh", {{0, ""}}),
      Table("prod", "stg", {{7, ""}, {6, ""}}),
      Details("blue", "mart", RelationKind::kView,
              "(n) as select 'it\\'s blue.stg' as n from blue.stg"),
      Details("prod", "mart", RelationKind::kView,
              "(n) as select n from prod.stg")};
  return question;
}

TEST(PromotionTest, DeltaGivesATableANewVersionOfItself) {
  const auto plan = Ask(Delta());

  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->operations.size(), 3);
  const std::string set =
      "set spark.databricks.delta.commitInfo.userMetadata = doppel promotion "
      "0a1b2c3d";
  // In the order of the nodes.
  const clone::Operation& fresh = plan->operations[0];
  const clone::Operation& stg = plan->operations[1];
  const clone::Operation& mart = plan->operations[2];
  EXPECT_EQ(stg.statements,
            (Texts{set,
                   "create or replace table `prod`.`stg` using delta as select "
                   "* from `blue`.`stg`"}));
  EXPECT_EQ(stg.placements[0].kept_version, 7);
  EXPECT_EQ(stg.placements[0].mark, "doppel promotion 0a1b2c3d");
  EXPECT_TRUE(absl::StrContains(stg.explanation, "the way back is version 7"));
  EXPECT_EQ(fresh.statements,
            (Texts{set,
                   "create table `prod`.`fresh` using delta as select * from "
                   "`blue`.`fresh`"}));
  EXPECT_FALSE(fresh.placements[0].kept_version.has_value());
  EXPECT_EQ(mart.statements,
            (Texts{"create or replace view `prod`.`mart` (n) as select "
                   "'it\\'s blue.stg' as n from `prod`.`stg`"}));
  EXPECT_EQ(mart.placements[0].restore,
            (Texts{"create or replace view `prod`.`mart` (n) as select n from "
                   "prod.stg"}));
  // Once all tables are as they will be.
  EXPECT_EQ(mart.depends_on, (std::vector<int>{1, 2}));
  ASSERT_EQ(plan->warnings.size(), 1);
  EXPECT_EQ(plan->warnings[0].name, "NotAtomic");
  EXPECT_TRUE(
      absl::StrContains(plan->warnings[0].message, "none is ever missing"));
}

TEST(PromotionTest, DeltaTellsWhatIsLostAndForHowLongThereIsAWayBack) {
  Question question = Delta();
  question.details[0].not_selected = {"that the column id is not null"};
  question.details[2].properties = {
      {"delta.deletedFileRetentionDuration", "interval 2 days"}};

  const auto plan = Ask(question);

  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->warnings.size(), 3);
  EXPECT_EQ(plan->warnings[1].name, "DefinitionIsLost");
  EXPECT_EQ(plan->warnings[2].name, "WayBackIsShort");
  EXPECT_TRUE(absl::StrContains(plan->warnings[2].message, "for 2 days"))
      << plan->warnings[2].message;
}

TEST(PromotionTest, DeltaIsNotDoneInOneStep) {
  Question question = Delta();
  question.must_be_atomic = true;

  EXPECT_EQ(GetReason(Ask(question).status()), Reason::kWarehouseUnsupported);
}

TEST(PromotionTest, DuckDbIsDoneInOneStep) {
  Question question;
  question.must_be_atomic = true;

  EXPECT_TRUE(Ask(question).ok());
}

TEST(PromotionTest, DeltaRefusesWhatHasNoWayBack) {
  Question no_versions = Delta();
  no_versions.details[2].versions.clear();
  Question not_delta = Delta();
  not_delta.details[0].versions.clear();
  Question no_text = Delta();
  no_text.details[4].definition.clear();
  Question other_kind = Delta();
  other_kind.catalog[3].kind = RelationKind::kTable;

  for (const Question& question :
       {no_versions, not_delta, no_text, other_kind}) {
    const auto plan = Ask(question);
    EXPECT_EQ(GetReason(plan.status()), Reason::kPlanHasErrors)
        << plan.status();
  }
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

// Spark, after the promotion.
Way PromotedDelta() {
  const Question question = Delta();
  Way way;
  way.adapter = "spark";
  way.promotion = Ask(question).value();
  way.catalog = question.catalog;
  way.catalog.push_back(Entry("prod", "fresh", RelationKind::kTable, "x"));
  const std::string mark = "doppel promotion 0a1b2c3d";
  way.details = {Table("prod", "stg", {{8, mark}, {7, ""}}),
                 Table("prod", "fresh", {{0, mark}}),
                 Details("prod", "mart", RelationKind::kView,
                         "(n) AS select 'it\\'s blue.stg' as n\nfrom "
                         "`prod`.`stg`")};
  return way;
}

TEST(RollbackTest, DeltaRestoresTheVersionBefore) {
  const auto plan = AskBack(PromotedDelta());

  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->operations.size(), 3);
  EXPECT_EQ(plan->operations[0].statements,
            (Texts{"set spark.databricks.delta.commitInfo.userMetadata = "
                   "doppel rollback 9f9f9f9f",
                   "restore table `prod`.`stg` to version as of 7"}));
  EXPECT_EQ(plan->operations[0].placements[0].kept_version, 8);
  EXPECT_EQ(plan->operations[1].statements,
            (Texts{"create or replace view `prod`.`mart` (n) as select n from "
                   "prod.stg"}));
  EXPECT_EQ(plan->operations[2].statements,
            (Texts{"drop table `prod`.`fresh`"}));
  EXPECT_EQ(plan->operations[2].depends_on, (std::vector<int>{2}));
}

TEST(RollbackTest, DeltaKeepsWhatWasNewWhereItsSourceWasBuiltAgain) {
  Way way = PromotedDelta();
  way.catalog[4].version = "b9";

  const auto plan = AskBack(way);

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->operations[2].statements,
            (Texts{"alter table `prod`.`fresh` rename to "
                   "`prod`.`fresh__doppel_new_9f9f9f9f`"}));
}

TEST(RollbackTest, DeltaRefusesWhereThereIsNoWayBack) {
  Way later = PromotedDelta();
  later.details[0].versions.insert(later.details[0].versions.begin(), {9, ""});
  Way between = PromotedDelta();
  between.details[0].versions = {
      {9, "doppel promotion 0a1b2c3d"}, {8, ""}, {7, ""}};
  Way vacuumed = PromotedDelta();
  vacuumed.details[0].version_lost = "its files are not there";
  Way written = PromotedDelta();
  written.details[2].definition = "as select 1";
  Way dropped = PromotedDelta();
  dropped.details[0].versions = {{0, ""}};

  for (const auto& [way, why] :
       {std::pair(later, "has a version 9 that is not the promotion's"),
        std::pair(between, "has a version 8 that is not the promotion's"),
        std::pair(vacuumed, "its files are not there"),
        std::pair(written, "these changes would be lost"),
        std::pair(dropped, "none of its newest versions")}) {
    const auto plan = AskBack(way);
    EXPECT_EQ(GetReason(plan.status()), Reason::kWorldChanged);
    EXPECT_TRUE(absl::StrContains(plan.status().message(), why))
        << plan.status();
  }
}

TEST(RollbackTest, DeltaUndoesThePartThatWasDone) {
  Way way = PromotedDelta();
  way.is_done = false;
  way.catalog.pop_back();
  way.details[1].versions.clear();
  way.details[2].definition = "(n) as select n from prod.stg";

  const auto plan = AskBack(way);

  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->operations.size(), 1);
  EXPECT_EQ(plan->operations[0].statements.back(),
            "restore table `prod`.`stg` to version as of 7");
}

}  // namespace
}  // namespace doppel::promotion

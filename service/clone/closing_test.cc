// Closed views, as the planner makes them.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "service/base/json_string.h"
#include "service/clone/test_question.h"

namespace doppel::clone {
namespace {

using deferral::TestNode;

std::string Compiled(absl::string_view code) {
  return absl::StrCat("\"compiled_code\":", JsonString(code));
}

// raw -> orders -> (eph ->) daily -> report; daily reads codes, too.
std::vector<TestNode> Shop() {
  return {
      {.unique_id = "source.shop.raw", .schema = "landing"},
      {.unique_id = "model.shop.orders", .parents = {"source.shop.raw"}},
      {.unique_id = "seed.shop.codes", .materialized = "seed"},
      {.unique_id = "model.shop.eph",
       .parents = {"model.shop.orders"},
       .materialized = "ephemeral"},
      {.unique_id = "model.shop.daily",
       .parents = {"model.shop.eph", "seed.shop.codes"},
       .materialized = "view",
       .more = Compiled("with eph as (select * from \"db\".\"prod\".\"orders\")"
                        " select * from eph join \"db\".\"prod\".\"codes\" "
                        "using (id) -- as \"db\".\"prod\".\"orders\"")},
      {.unique_id = "model.shop.report",
       .parents = {"model.shop.daily", "source.shop.raw"},
       .materialized = "view",
       .more = Compiled("select * from \"db\".\"prod\".\"daily\", "
                        "\"db\".\"landing\".\"raw\"")}};
}

// All of it built in prod, copied to dev with closed views.
Question Closed() {
  Question question;
  question.source = Shop();
  question.target = Shop();
  question.catalog = {Entry("prod", "orders", RelationKind::kTable, "7"),
                      Entry("prod", "codes", RelationKind::kTable, "1"),
                      Entry("prod", "daily", RelationKind::kView, "2"),
                      Entry("prod", "report", RelationKind::kView, "3"),
                      Entry("landing", "raw", RelationKind::kTable, "1")};
  question.options.on_no_zero_copy = NoZeroCopy::kCopy;
  question.options.views = Views::kClosed;
  return question;
}

const Operation& Of(const Plan& plan, absl::string_view unique_id) {
  for (const Operation& operation : plan.operations) {
    if (operation.unique_id == unique_id) return operation;
  }
  ADD_FAILURE() << "no operation of " << unique_id;
  return plan.operations.front();
}

// Each as "<unique id> reads <relation>: <reason>".
Texts Escapes(const Plan& plan) {
  Texts texts;
  for (const Escape& escape : plan.escapes) {
    texts.push_back(absl::StrCat(escape.unique_id, " reads ",
                                 escape.reads.rendered, ": ",
                                 EscapeReasonName(escape.reason)));
  }
  return texts;
}

TEST(ClosingTest, ViewsReadTheTargetsOwnRelations) {
  const auto plan = Ask(Closed());
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(Decisions(*plan), (Texts{"model.shop.daily: view re_rooted",
                                     "model.shop.eph: skip ephemeral",
                                     "model.shop.orders: copy_table "
                                     "copy_requested",
                                     "model.shop.report: view re_rooted",
                                     "seed.shop.codes: copy_table "
                                     "copy_requested"}));
  EXPECT_EQ(Of(*plan, "model.shop.daily").statements,
            Texts{"create view \"db\".\"dev\".\"daily\" as with eph as (select "
                  "* from \"db\".\"dev\".\"orders\") select * from eph join "
                  "\"db\".\"dev\".\"codes\" using (id) -- as "
                  "\"db\".\"prod\".\"orders\""});
  EXPECT_EQ(Of(*plan, "model.shop.daily").depends_on, (std::vector<int>{3, 5}));
  EXPECT_EQ(Of(*plan, "model.shop.report").depends_on, std::vector<int>{1});
  EXPECT_EQ(Of(*plan, "model.shop.daily").target->kind, RelationKind::kView);
  EXPECT_EQ(Of(*plan, "model.shop.daily").explanation,
            "\"db\".\"prod\".\"daily\" is a view: one of the same query, which "
            "reads 2 relations of the target instead of the source's");
  EXPECT_EQ(Summarize(*plan).views, 2);
  EXPECT_EQ(Summarize(*plan).pointer_views, 0);
}

TEST(ClosingTest, WhatIsNotTheTargetsEscapes) {
  Question question = Closed();
  const auto plan = Ask(question);
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(Escapes(*plan), (Texts{"model.shop.report reads "
                                   "\"db\".\"landing\".\"raw\": source"}));
  EXPECT_EQ(plan->escapes[0].target.rendered, "\"db\".\"dev\".\"report\"");
  EXPECT_EQ(plan->escapes[0].reads_unique_id, "source.shop.raw");
  EXPECT_EQ(Summarize(*plan).escapes, 1);
  // Nothing is cloned of codes, and dev has none.
  question.target.erase(question.target.begin() + 2);
  question.target[3].parents = {"model.shop.eph"};
  EXPECT_EQ(Escapes(*Ask(question)),
            (Texts{"model.shop.daily reads \"db\".\"prod\".\"codes\": "
                   "not_in_target",
                   "model.shop.report reads \"db\".\"landing\".\"raw\": "
                   "source"}));
}

TEST(ClosingTest, ReadsWhatTheTargetHasAlready) {
  Question question = Closed();
  question.catalog.push_back(Entry("dev", "codes", RelationKind::kTable, "9"));
  question.catalog.push_back(Entry("mine", "raw", RelationKind::kTable));
  question.target[0].schema = "mine";  // its own raw
  const auto plan = Ask(question);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(Of(*plan, "seed.shop.codes").reason,
            OperationReason::kTargetExists);
  EXPECT_EQ(Of(*plan, "model.shop.daily").depends_on, std::vector<int>{3});
  EXPECT_TRUE(absl::StrContains(Of(*plan, "model.shop.daily").statements[0],
                                "\"db\".\"dev\".\"codes\""));
  EXPECT_TRUE(absl::StrContains(Of(*plan, "model.shop.report").statements[0],
                                "\"db\".\"mine\".\"raw\""));
  EXPECT_TRUE(plan->escapes.empty());
}

TEST(ClosingTest, AsksForTheSchemasOfWhatViewsRead) {
  Question question = Closed();
  question.target[0].schema = "mine";
  const auto schemas = AskForSchemas(question);
  ASSERT_TRUE(schemas.ok()) << schemas.status();
  EXPECT_EQ(*schemas, (std::vector<SchemaName>{
                          {"db", "dev"}, {"db", "mine"}, {"db", "prod"}}));
  question.options.views = Views::kPointer;
  EXPECT_EQ(*AskForSchemas(question),
            (std::vector<SchemaName>{{"db", "dev"}, {"db", "prod"}}));
}

TEST(ClosingTest, NamingRulesNameWhatIsRead) {
  Question question = Closed();
  question.rules.push_back({"", "prod", "", "bi_{schema}", ""});
  const auto plan = Ask(question);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_TRUE(absl::StrContains(Of(*plan, "model.shop.report").statements[0],
                                "\"db\".\"bi_prod\".\"daily\""));
}

TEST(ClosingTest, APointerViewIsAnEscapeOfItsOwn) {
  Question question = Closed();
  question.options.on_no_zero_copy = NoZeroCopy::kPointerView;
  const auto plan = Ask(question);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(Escapes(*plan),
            (Texts{"model.shop.orders reads \"db\".\"prod\".\"orders\": "
                   "pointer",
                   "model.shop.report reads \"db\".\"landing\".\"raw\": source",
                   "seed.shop.codes reads \"db\".\"prod\".\"codes\": "
                   "pointer"}));
  EXPECT_EQ(plan->escapes[0].explanation,
            "duckdb has no zero-copy clone: a view that reads it");
  question.options.views = Views::kPointer;
  EXPECT_TRUE(Ask(question)->escapes.empty());
}

TEST(ClosingTest, AViewThatIsKeptMayReadAnything) {
  Question question = Closed();
  question.catalog.push_back(Entry("dev", "daily", RelationKind::kView));
  EXPECT_EQ(Escapes(*Ask(question))[0],
            "model.shop.daily reads \"db\".\"prod\".\"daily\": kept");
}

struct Fallback {
  const char* name;
  TestNode daily;
  const char* why;
};

class ClosingFallbackTest : public testing::TestWithParam<Fallback> {};

TEST_P(ClosingFallbackTest, PointsWhereItCannotCloseAndSaysWhy) {
  Question question = Closed();
  question.source[4] = GetParam().daily;
  question.source[4].unique_id = "model.shop.daily";
  const auto plan = Ask(question);
  ASSERT_TRUE(plan.ok()) << plan.status();
  const Operation& daily = Of(*plan, "model.shop.daily");
  EXPECT_EQ(daily.kind, OperationKind::kPointerView);
  EXPECT_EQ(daily.reason, OperationReason::kSourceNotATable);
  EXPECT_TRUE(absl::StrContains(daily.explanation, GetParam().why))
      << daily.explanation;
  ASSERT_FALSE(plan->escapes.empty());
  EXPECT_EQ(plan->escapes[0].unique_id, "model.shop.daily");
  EXPECT_TRUE(absl::StrContains(plan->escapes[0].explanation, GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    All, ClosingFallbackTest,
    testing::Values(
        Fallback{"NotCompiled",
                 {.unique_id = "", .materialized = "view"},
                 "no compiled code"},
        Fallback{"NoView",
                 {.unique_id = "", .more = Compiled("select 1")},
                 "of the materialization \"table\""},
        Fallback{"SqlHeader",
                 {.unique_id = "",
                  .materialized = "view",
                  .config = "\"sql_header\":\"set x = 1;\"",
                  .more = Compiled("select 1")},
                 "sql_header"},
        Fallback{"NotNamed",
                 {.unique_id = "",
                  .parents = {"seed.shop.codes"},
                  .materialized = "view",
                  .more = Compiled("select * from prod.codes")},
                 "does not name \"db\".\"prod\".\"codes\""},
        Fallback{"NamedInAStringAlone",
                 {.unique_id = "",
                  .parents = {"seed.shop.codes"},
                  .materialized = "view",
                  .more = Compiled("select '\"db\".\"prod\".\"codes\"'")},
                 "does not name \"db\".\"prod\".\"codes\""}),
    [](const auto& info) { return info.param.name; });

TEST(ClosingTest, WhatOnlyACommentNamesIsNotRead) {
  Question question = Closed();
  question.source[4].more = Compiled(
      "-- depends_on: \"db\".\"prod\".\"orders\"\nselect * from "
      "\"db\".\"prod\".\"codes\"");
  const auto plan = Ask(question);
  EXPECT_EQ(Of(*plan, "model.shop.daily").depends_on, std::vector<int>{5});
}

TEST(ClosingTest, WhatHooksReadIsNotInTheQuery) {
  Question question = Closed();
  question.source[4].parents.push_back("source.shop.raw");
  absl::StrAppend(&question.source[4].more, ",\"sources\":[[\"raw\",\"raw\"]]");
  question.source[4].config =
      "\"pre-hook\":[{\"sql\":\"insert into log select * from "
      "{{ source('raw', 'raw') }}\"}]";
  const auto plan = Ask(question);
  EXPECT_EQ(Escapes(*plan), (Texts{"model.shop.report reads "
                                   "\"db\".\"landing\".\"raw\": source"}));
}

TEST(ClosingTest, OlderManifestsCallItCompiledSql) {
  Question question = Closed();
  for (TestNode& node : question.source) {
    absl::StrReplaceAll({{"compiled_code", "compiled_sql"}}, &node.more);
  }
  EXPECT_EQ(Of(*Ask(question), "model.shop.daily").kind, OperationKind::kView);
}

// The statement that makes report in each warehouse, which reads daily, and
// what stands in report's place.
TEST(ClosingTest, EachDialectMakesAViewOfAQuery) {
  const std::map<std::string, std::pair<RelationKind, Texts>> expected = {
      {"athena", {RelationKind::kView, {"create or replace view $T as $Q"}}},
      {"bigquery", {RelationKind::kView, {"create or replace view $T as $Q"}}},
      {"clickhouse",
       {RelationKind::kView, {"create or replace view $T as $Q"}}},
      {"databricks",
       {RelationKind::kView, {"create or replace view $T as $Q"}}},
      {"duckdb", {RelationKind::kView, {"create or replace view $T as $Q"}}},
      {"fabric", {RelationKind::kView, {"create or alter view $S as $Q"}}},
      {"postgres", {RelationKind::kUnknown, {"create view $T as $Q"}}},
      {"redshift",
       {RelationKind::kUnknown,
        {"create view $T as $Q\nwith no schema binding"}}},
      {"snowflake", {RelationKind::kView, {"create or replace view $T as $Q"}}},
      {"spark", {RelationKind::kView, {"create or replace view $T as $Q"}}},
      {"sqlserver", {RelationKind::kView, {"create or alter view $S as $Q"}}},
      {"trino", {RelationKind::kView, {"create or replace view $T as $Q"}}}};
  for (const dialect::Dialect* dialect : dialect::AllDialects()) {
    const auto found = expected.find(std::string(dialect->type()));
    ASSERT_NE(found, expected.end()) << dialect->type();
    dialect::Making making;
    making.source = {"db", "prod", "report"};
    making.target = {"db", "dev", "report"};
    making.query = "select 1 -- one";
    making.replaces = found->second.first;
    Texts texts;
    for (const std::string& text : found->second.second) {
      texts.push_back(absl::StrReplaceAll(
          text, {{"$T", dialect->Render(making.target, {})},
                 {"$S", dialect->Render({"", "dev", "report"}, {})},
                 {"$Q", making.query}}));
    }
    EXPECT_EQ(dialect->View(making), texts) << dialect->type();
  }
}

// What doppel made of daily: a view by these statements.
LedgerFact Made(const Texts& statements) {
  return {{"db", "dev", "daily"},
          {"db", "prod", "daily"},
          "2",
          OperationKind::kPointerView,
          DefinitionOf(statements)};
}

// dev has daily as a plan of `before` made it, and its tables. What does the
// same plan do with it now?
Question Again(const Question& before) {
  Question question = before;
  question.options.existing_target = ExistingTarget::kReconcile;
  question.ledger = {Made(Of(*Ask(before), "model.shop.daily").statements)};
  for (const char* const table : {"orders", "codes"}) {
    question.catalog.push_back(Entry("dev", table, RelationKind::kTable));
  }
  question.catalog.push_back(Entry("dev", "daily", RelationKind::kView));
  return question;
}

std::string WhatOfDaily(const Question& question) {
  const auto plan = Ask(question);
  EXPECT_TRUE(plan.ok()) << plan.status();
  const Operation& daily = Of(*plan, "model.shop.daily");
  return absl::StrCat(OperationKindName(daily.kind), " ",
                      OperationReasonName(daily.reason));
}

TEST(ClosingTest, IsLeftAloneUntilItsQueryChanges) {
  Question question = Again(Closed());
  EXPECT_EQ(WhatOfDaily(question), "skip up_to_date");
  // What it still reads is said nevertheless.
  question.source[4].parents = {"seed.shop.codes", "source.shop.raw"};
  question.source[4].more = Compiled(
      "select * from \"db\".\"prod\".\"codes\", "
      "\"db\".\"landing\".\"raw\"");
  EXPECT_EQ(WhatOfDaily(question), "view drifted");
  question.ledger = {Made(Of(*Ask(question), "model.shop.daily").statements)};
  EXPECT_EQ(WhatOfDaily(question), "skip up_to_date");
  EXPECT_EQ(Escapes(*Ask(question))[0],
            "model.shop.daily reads \"db\".\"landing\".\"raw\": source");
}

TEST(ClosingTest, IsMadeAnewWithWhatItReads) {
  Question question = Again(Closed());
  // The warehouse tells that codes has changed.
  question.adapter = "postgres";
  question.ledger.push_back({{"db", "dev", "codes"},
                             {"db", "prod", "codes"},
                             "0",
                             OperationKind::kCloneTable});
  EXPECT_EQ(WhatOfDaily(question), "view drifted");
}

TEST(ClosingTest, APointerViewIsClosedAndAClosedOnePointedAgain) {
  Question pointing = Closed();
  pointing.options.views = Views::kPointer;
  Question question = Again(pointing);
  EXPECT_EQ(WhatOfDaily(question), "skip up_to_date");
  question.options.views = Views::kClosed;
  EXPECT_EQ(WhatOfDaily(question), "view drifted");
  question = Again(Closed());
  question.options.views = Views::kPointer;
  EXPECT_EQ(WhatOfDaily(question), "pointer_view drifted");
}

// dev has what a closed clone made, in a warehouse where what a view reads
// cannot go: all of it is replaced.
Question Held() {
  Question question = Closed();
  question.adapter = "postgres";
  question.options.existing_target = ExistingTarget::kReplace;
  const std::vector<RelationName> daily = {{"db", "dev", "daily"}};
  for (const char* const table : {"orders", "codes"}) {
    question.catalog.push_back(Entry("dev", table, RelationKind::kTable));
    question.catalog.back().holders = daily;
  }
  question.catalog.push_back(Entry("dev", "daily", RelationKind::kView));
  question.catalog.back().holders = {{"db", "dev", "report"}};
  question.catalog.push_back(Entry("dev", "report", RelationKind::kView));
  return question;
}

TEST(ClosingTest, WhatIsHeldStaysBesideUntilAllIsMadeAnew) {
  const auto plan = Ask(Held());
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_TRUE(plan->warnings.empty());
  Texts order;
  for (const Operation& operation : plan->operations) {
    if (operation.kind == OperationKind::kSkip) continue;
    order.push_back(absl::StrCat(operation.id, " ",
                                 OperationKindName(operation.kind), " ",
                                 operation.target->name.identifier, " after ",
                                 absl::StrJoin(operation.depends_on, ",")));
  }
  EXPECT_EQ(order,
            (Texts{"1 view daily after 3,5", "3 copy_table orders after ",
                   "4 view report after 1", "5 copy_table codes after ",
                   "6 drop daily__doppel_old after 1,4",
                   "7 drop codes__doppel_old after 5,6",
                   "8 drop orders__doppel_old after 3,6"}));
  EXPECT_EQ(plan->operations[2].statements,
            (Texts{"begin",
                   "create table \"db\".\"dev\".\"orders__doppel_new\" as "
                   "select * from \"db\".\"prod\".\"orders\"",
                   "alter table \"db\".\"dev\".\"orders\" rename to "
                   "\"orders__doppel_old\"",
                   "alter table \"db\".\"dev\".\"orders__doppel_new\" rename "
                   "to \"orders\"",
                   "commit"}));
  EXPECT_EQ(plan->operations[7].statements,
            Texts{"drop table \"db\".\"dev\".\"orders__doppel_old\""});
  EXPECT_EQ(plan->operations[7].reason, OperationReason::kSuperseded);
}

TEST(ClosingTest, WhatSomebodyElseHoldsIsNotKeptBeside) {
  Question question = Held();
  question.catalog[5].holders.push_back({"db", "bi", "theirs"});  // orders'
  const auto plan = Ask(question);
  ASSERT_TRUE(plan.ok()) << plan.status();
  const Operation& orders = Of(*plan, "model.shop.orders");
  EXPECT_TRUE(orders.depends_on.empty());
  EXPECT_EQ(orders.statements[2], "drop table \"db\".\"dev\".\"orders\"");
  ASSERT_EQ(plan->warnings.size(), 1u);
  EXPECT_EQ(plan->warnings[0].name, "TargetIsHeld");
}

}  // namespace
}  // namespace doppel::clone

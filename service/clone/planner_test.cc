#include "service/clone/planner.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "service/base/error.h"
#include "service/clone/preconditions.h"
#include "service/clone/test_question.h"

namespace doppel::clone {
namespace {

TEST(PlannerTest, PointsAtWhatCannotBeCloned) {
  const auto plan = Ask({});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(Decisions(*plan),
            (Texts{"model.shop.eph: skip ephemeral",
                   "model.shop.orders: pointer_view no_zero_copy",
                   "model.shop.report: pointer_view source_not_a_table",
                   "seed.shop.codes: pointer_view no_zero_copy"}));
  const Operation& orders = plan->operations[1];
  EXPECT_EQ(orders.statements,
            Texts{"create view \"db\".\"dev\".\"orders\" as select * from "
                  "\"db\".\"prod\".\"orders\""});
  EXPECT_EQ(orders.explanation,
            "duckdb has no zero-copy clone: a view that reads "
            "\"db\".\"prod\".\"orders\"");
  EXPECT_EQ(orders.target->kind, RelationKind::kView);
  EXPECT_EQ(orders.source->kind, RelationKind::kTable);
  EXPECT_FALSE(orders.replaces.has_value());
  EXPECT_EQ(plan->warehouse, "duckdb");
}

TEST(PlannerTest, ClonesByTheKindInTheWarehouseAndTheTargetsConfig) {
  Question question;
  question.adapter = "snowflake";
  question.target[1].config = "\"transient\":false";
  // A table in prod, whatever the config says.
  question.catalog = {
      {{"DB", "PROD", "ORDERS"}, RelationKind::kTable, "", -1, -1},
      {{"DB", "PROD", "REPORT"}, RelationKind::kTable, "", -1, -1},
      {{"DB", "PROD", "CODES"}, RelationKind::kDynamicTable, "", -1, -1}};
  question.schemas = {{"DB", "PROD"}, {"DB", "DEV"}};
  const auto plan = Ask(question);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(Decisions(*plan),
            (Texts{"model.shop.eph: skip ephemeral",
                   "model.shop.orders: clone_table cloneable",
                   "model.shop.report: clone_table cloneable",
                   "seed.shop.codes: pointer_view source_not_a_table"}));
  EXPECT_EQ(plan->operations[1].statements,
            Texts{"create table db.dev.orders clone db.prod.orders"});
  EXPECT_EQ(plan->operations[2].statements,
            Texts{"create transient table db.dev.report clone db.prod.report"});
}

TEST(PlannerTest, ClonesByTheEngineInTheWarehouse) {
  Question question;
  question.adapter = "clickhouse";
  question.target[1].config = "\"engine\":\"Memory\"";
  question.catalog = {Entry("prod", "orders", RelationKind::kTable),
                      Entry("prod", "codes", RelationKind::kTable)};
  question.catalog[0].engine = "replacingmergetree";
  question.catalog[1].engine = "log";
  question.schemas = {{"", "prod"}, {"", "dev"}};

  const auto plan = Ask(question);

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(Decisions(*plan),
            (Texts{"model.shop.eph: skip ephemeral",
                   "model.shop.orders: clone_table cloneable",
                   "model.shop.report: skip source_missing",
                   "seed.shop.codes: pointer_view no_zero_copy"}));
  EXPECT_TRUE(absl::StrContains(plan->operations[3].explanation, "engine log"));
}

TEST(PlannerTest, ReadsTheSourceAsItsOwnProjectQuotesIt) {
  Question question;
  question.adapter = "snowflake";
  question.source[1].more =
      "\"relation_name\":\"\\\"db\\\".\\\"prod\\\".\\\"orders\\\"\"";
  question.catalog = {
      {{"db", "prod", "orders"}, RelationKind::kTable, "", -1, -1}};
  const auto plan = Ask(question);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->operations[2].statements,
            Texts{"create transient table db.dev.orders clone "
                  "\"db\".\"prod\".\"orders\""});
}

TEST(PlannerTest, ARelationNameThatIsNotItsNameIsNotTrusted) {
  Question question;
  question.source[1].more = "\"relation_name\":\"x; drop table y\"";
  const auto plan = Ask(question);
  EXPECT_FALSE(absl::StrContains(PlanToJson(*plan), "drop table y"));
}

TEST(PlannerTest, CreatesEachMissingSchemaOnceAndFirst) {
  Question question;
  question.schemas = {{"db", "prod"}};
  question.target[3].schema = "dev_raw";
  const auto plan = Ask(question);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->operations[0].statements,
            Texts{"create schema if not exists \"db\".\"dev\""});
  EXPECT_EQ(plan->operations[1].statements,
            Texts{"create schema if not exists \"db\".\"dev_raw\""});
  EXPECT_EQ(plan->operations[3].unique_id, "model.shop.orders");
  EXPECT_EQ(plan->operations[3].depends_on, std::vector<int>{1});
  EXPECT_EQ(plan->operations[5].depends_on, std::vector<int>{2});
  EXPECT_EQ(plan->operations[5].id, 6);
}

TEST(PlannerTest, KeepsOrReplacesWhatExists) {
  Question question;
  question.catalog.push_back(Entry("dev", "orders", RelationKind::kTable, "3"));
  EXPECT_EQ(Decisions(*Ask(question))[1],
            "model.shop.orders: skip target_exists");
  question.options.existing_target = ExistingTarget::kReplace;
  const auto plan = Ask(question);
  const Operation& orders = plan->operations[1];
  EXPECT_EQ(orders.kind, OperationKind::kPointerView);
  EXPECT_EQ(orders.replaces->kind, RelationKind::kTable);
  EXPECT_EQ(orders.statements.front(), "begin");
  EXPECT_TRUE(absl::EndsWith(orders.explanation, "; replaces a table"));
  EXPECT_EQ(Summarize(*plan).replaced_relations, 1);
}

TEST(PlannerTest, CopiesOrFailsWhereAsked) {
  Question question;
  question.options.on_no_zero_copy = NoZeroCopy::kCopy;
  EXPECT_EQ(Decisions(*Ask(question)),
            (Texts{"model.shop.eph: skip ephemeral",
                   "model.shop.orders: copy_table copy_requested",
                   "model.shop.report: pointer_view source_not_a_table",
                   "seed.shop.codes: copy_table copy_requested"}));
  question.options.on_no_zero_copy = NoZeroCopy::kFail;
  const absl::Status status = Ask(question).status();
  EXPECT_EQ(GetReason(status), Reason::kPlanHasErrors);
  EXPECT_EQ(GetErrorDetails(status)->preconditions.size(), 2u);
}

TEST(PlannerTest, SkipsOrFailsWhereTheSourceIsMissing) {
  Question question;
  question.catalog.erase(question.catalog.begin());
  EXPECT_EQ(Decisions(*Ask(question))[1],
            "model.shop.orders: skip source_missing");
  question.options.on_missing_source = MissingSource::kFail;
  const absl::Status status = Ask(question).status();
  EXPECT_EQ(GetReason(status), Reason::kPlanHasErrors);
  EXPECT_EQ(GetErrorDetails(status)->preconditions[0].subject,
            "\"db\".\"prod\".\"orders\"");
  // Nothing is missing where the target is kept.
  question.catalog.push_back(Entry("dev", "orders", RelationKind::kTable));
  EXPECT_TRUE(Ask(question).ok());
}

TEST(PlannerTest, SkipsNodesThatTheSourceDoesNotHave) {
  Question question;
  question.source.erase(question.source.begin() + 1);
  question.source[1].materialized = "ephemeral";  // report
  EXPECT_EQ(Decisions(*Ask(question)),
            (Texts{"model.shop.eph: skip ephemeral",
                   "model.shop.orders: skip not_in_source",
                   "model.shop.report: skip not_in_source",
                   "seed.shop.codes: pointer_view no_zero_copy"}));
}

TEST(PlannerTest, NeverClonesARelationOntoItself) {
  Question question;
  question.target_schema = "PROD";  // the same to DuckDB
  question.options.existing_target = ExistingTarget::kReplace;
  EXPECT_EQ(GetReason(Ask(question).status()), Reason::kSelfClone);
  question.target[1].schema = "dev";
  EXPECT_EQ(Decisions(*Ask(question)),
            (Texts{"model.shop.eph: skip ephemeral",
                   "model.shop.orders: pointer_view no_zero_copy",
                   "model.shop.report: skip same_relation",
                   "seed.shop.codes: skip same_relation"}));
}

TEST(PlannerTest, NeverTakesATargetTwiceNorAnothersSource) {
  Question question;
  question.rules.push_back({"", "", "", "bi", "all"});
  const auto plan = Ask(question);
  EXPECT_EQ(Decisions(*plan)[3], "model.shop.report: skip target_taken");
  EXPECT_TRUE(absl::StrContains(plan->operations[3].explanation,
                                "taken by model.shop.orders"));
  question.rules = {{"", "", "", "prod", "orders"}};
  question.options.existing_target = ExistingTarget::kReplace;
  EXPECT_EQ(Decisions(*Ask(question)),
            (Texts{"model.shop.eph: skip ephemeral",
                   "model.shop.orders: skip same_relation",
                   "model.shop.report: skip target_taken",
                   "seed.shop.codes: skip target_taken"}));
}

TEST(PlannerTest, NamingRulesNameTheTargets) {
  Question question;
  question.rules.push_back({"", "prod", "", "bi_{schema}", ""});
  question.source[3].schema = "landing";
  const auto plan = Ask(question);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(Decisions(*plan),
            (Texts{"\"db\".\"bi_prod\": create_schema schema_missing",
                   "model.shop.eph: skip ephemeral",
                   "model.shop.orders: pointer_view no_zero_copy",
                   "model.shop.report: pointer_view source_not_a_table",
                   "seed.shop.codes: skip no_naming_rule"}));
  EXPECT_EQ(plan->target_manifest, "");
}

TEST(PlannerTest, AnEmptyOrBrokenNameIsAnError) {
  Question question;
  question.rules.push_back({"", "", "", "", ""});
  question.rules[0].schema = "bi";
  question.source[1].unique_id = "model.shop.";  // its alias is empty
  EXPECT_EQ(GetReason(Ask(question).status()), Reason::kPlanHasErrors);
}

TEST(PlannerTest, NothingToCloneIsAnError) {
  Question question;
  question.target = {{.unique_id = "test.shop.check"}};
  EXPECT_EQ(GetReason(Ask(question).status()), Reason::kPlanEmpty);
}

// What doppel made of orders, when prod's version was `version`.
LedgerFact Fact(OperationKind kind, const std::string& version) {
  return {{"db", "dev", "orders"},
          {"db", "prod", "orders"},
          version,
          kind,
          "",
          "7"};
}

TEST(ReconcileTest, TouchesOnlyWhatHasDrifted) {
  Question question;
  question.adapter = "postgres";
  question.options.existing_target = ExistingTarget::kReconcile;
  question.options.on_no_zero_copy = NoZeroCopy::kCopy;
  question.catalog.push_back(Entry("dev", "orders", RelationKind::kTable, "7"));
  const auto decision = [&question] { return Decisions(*Ask(question))[1]; };
  EXPECT_EQ(decision(), "model.shop.orders: skip target_exists");
  question.ledger = {Fact(OperationKind::kCopyTable, "7")};
  EXPECT_EQ(decision(), "model.shop.orders: skip up_to_date");
  question.ledger = {Fact(OperationKind::kCopyTable, "6")};
  EXPECT_EQ(decision(), "model.shop.orders: copy_table drifted");
  question.ledger = {Fact(OperationKind::kCopyTable, "")};
  EXPECT_EQ(decision(), "model.shop.orders: copy_table drifted");
  question.ledger = {Fact(OperationKind::kPointerView, "6")};
  EXPECT_EQ(decision(), "model.shop.orders: skip target_changed");
  question.catalog.back().kind = RelationKind::kView;
  EXPECT_EQ(decision(), "model.shop.orders: copy_table drifted");
  question.options.on_no_zero_copy = NoZeroCopy::kPointerView;
  EXPECT_EQ(decision(), "model.shop.orders: skip up_to_date");
  question.ledger[0].source.schema = "staging";
  EXPECT_EQ(decision(), "model.shop.orders: pointer_view drifted");
}

TEST(ReconcileTest, AsksBeforeItOverwritesWhatSomebodyChanged) {
  Question question;
  question.adapter = "postgres";
  question.options.existing_target = ExistingTarget::kReconcile;
  question.options.on_no_zero_copy = NoZeroCopy::kCopy;
  question.catalog.push_back(Entry("dev", "orders", RelationKind::kTable, "7"));
  const auto decision = [&question] { return Decisions(*Ask(question))[1]; };
  for (const char* source_version : {"6", "7"}) {
    question.options.overwrite_changed_targets = false;
    question.ledger = {Fact(OperationKind::kCopyTable, source_version)};
    question.ledger[0].target_version = "5";
    EXPECT_EQ(decision(), "model.shop.orders: skip target_changed");
    question.ledger[0].target_version = "";
    EXPECT_EQ(decision(), "model.shop.orders: skip not_verified");
    question.options.overwrite_changed_targets = true;
    EXPECT_EQ(decision(), "model.shop.orders: copy_table drifted");
  }
  question.ledger[0].target_version = "5";
  const auto overwritten = Ask(question);
  EXPECT_TRUE(absl::StrContains(overwritten->operations[1].explanation,
                                "somebody changed it since"));
  question.options.overwrite_changed_targets = false;
  EXPECT_TRUE(absl::StrContains(Ask(question)->operations[1].explanation,
                                "ask for overwrite_changed_targets"));
  // What doppel did not make is not its to overwrite.
  question.ledger.clear();
  question.options.overwrite_changed_targets = true;
  EXPECT_EQ(decision(), "model.shop.orders: skip target_exists");
}

TEST(ReconcileTest, TrustsNoVersionThatMissesChanges) {
  Question question;
  question.adapter = "duckdb";
  question.options.existing_target = ExistingTarget::kReconcile;
  question.options.on_no_zero_copy = NoZeroCopy::kCopy;
  question.catalog.push_back(Entry("dev", "orders", RelationKind::kTable, "7"));
  question.ledger = {Fact(OperationKind::kCopyTable, "7")};

  const auto plan = Ask(question);

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(Decisions(*plan)[1], "model.shop.orders: copy_table drifted");
  EXPECT_TRUE(absl::StrContains(plan->operations[1].explanation,
                                "does not tell whether the source changed"));
  ASSERT_EQ(plan->warnings.size(), 1u);
  EXPECT_EQ(plan->warnings[0].name, "VersionsMissChanges");
}

TEST(ReconcileTest, MakesWhatIsNotThere) {
  Question question;
  question.options.existing_target = ExistingTarget::kReconcile;
  question.ledger = {Fact(OperationKind::kCopyTable, "7")};
  EXPECT_EQ(Decisions(*Ask(question))[1],
            "model.shop.orders: pointer_view no_zero_copy");
}

// Each precondition as "<kind> <subject>: <expected>".
Texts Facts(const Plan& plan) {
  Texts texts;
  for (const Precondition& precondition : plan.preconditions) {
    texts.push_back(absl::StrCat(PreconditionKindName(precondition.kind), " ",
                                 precondition.subject, ": ",
                                 precondition.expected));
  }
  return texts;
}

// dev built, of which all is replaced: codes <- report <- orders.
Question WithHolders() {
  Question question;
  question.adapter = "postgres";
  question.options.existing_target = ExistingTarget::kReplace;
  question.catalog.push_back(Entry("dev", "codes", RelationKind::kTable));
  question.catalog.back().holders = {{"db", "dev", "report"}};
  question.catalog.push_back(Entry("dev", "orders", RelationKind::kView));
  question.catalog.push_back(Entry("dev", "report", RelationKind::kView));
  question.catalog.back().holders = {{"db", "dev", "orders"}};
  return question;
}

TEST(PlannerTest, ReplacesWhatHoldsARelationBeforeIt) {
  const auto plan = Ask(WithHolders());

  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->operations.size(), 4u);
  EXPECT_EQ(plan->operations[1].unique_id, "model.shop.orders");
  EXPECT_TRUE(plan->operations[1].depends_on.empty());
  EXPECT_EQ(plan->operations[2].unique_id, "model.shop.report");
  EXPECT_EQ(plan->operations[2].depends_on, std::vector<int>{2});
  EXPECT_EQ(plan->operations[3].unique_id, "seed.shop.codes");
  EXPECT_EQ(plan->operations[3].depends_on, std::vector<int>{3});
  EXPECT_TRUE(plan->warnings.empty());
}

TEST(PlannerTest, WarnsOfWhatHoldsARelationAndStays) {
  Question question = WithHolders();
  question.catalog[3].holders.push_back({"db", "bi", "daily"});

  const auto plan = Ask(question);

  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->operations[3].depends_on, std::vector<int>{3});
  ASSERT_EQ(plan->warnings.size(), 1u);
  EXPECT_EQ(plan->warnings[0].name, "TargetIsHeld");
  EXPECT_EQ(plan->warnings[0].message,
            "operation 4 will fail: \"db\".\"dev\".\"codes\" cannot be "
            "dropped while \"db\".\"bi\".\"daily\" depends on it");
}

TEST(PlannerTest, ReplacesAViewInPlaceThatIsHeld) {
  Question question = WithHolders();
  question.catalog[5].holders = {{"db", "bi", "daily"}};  // report's
  question.schemas.pop_back();                            // dev's

  const auto plan = Ask(question);

  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->operations.size(), 5u);
  EXPECT_EQ(plan->operations[3].unique_id, "model.shop.report");
  EXPECT_EQ(plan->operations[3].statements,
            Texts{"create or replace view \"db\".\"dev\".\"report\" as select "
                  "* from \"db\".\"prod\".\"report\""});
  ASSERT_EQ(plan->warnings.size(), 1u);
  EXPECT_TRUE(absl::StrContains(plan->warnings[0].message,
                                "unless the columns stay the same"));
}

TEST(PlannerTest, OrdersNothingInACircle) {
  Question question = WithHolders();
  question.catalog[4].holders = {{"db", "dev", "report"}};

  const auto plan = Ask(question);

  ASSERT_TRUE(plan.ok()) << plan.status();
  for (const Operation& operation : plan->operations) {
    EXPECT_TRUE(operation.depends_on.empty()) << operation.unique_id;
  }
  EXPECT_EQ(plan->warnings.size(), 3u);
}

TEST(PlannerTest, RefusesTargetsOfAnotherDatabase) {
  Question question;
  question.adapter = "postgres";
  question.rules = {{"", "", "elsewhere", "dev", ""}};

  const absl::Status status = Ask(question).status();

  EXPECT_EQ(GetReason(status), Reason::kPlanHasErrors) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "another one")) << status;
  question.adapter = "duckdb";
  EXPECT_TRUE(Ask(question).ok());
}

TEST(PlannerTest, RefusesNamesThatTheWarehouseCutsOff) {
  Question question;
  question.adapter = "postgres";
  for (const auto& [size, is_taken] : {std::pair(63, true), {64, false}}) {
    question.rules = {{"", "", "", "dev", std::string(size, 'n')}};
    question.source = {{.unique_id = "model.shop.orders"}};

    const absl::Status status = Ask(question).status();

    EXPECT_EQ(status.ok(), is_taken) << status;
    if (is_taken) continue;
    EXPECT_EQ(GetReason(status), Reason::kPlanHasErrors);
    EXPECT_TRUE(absl::StrContains(status.message(), "63 bytes")) << status;
  }
  question.adapter = "duckdb";
  EXPECT_TRUE(Ask(question).ok());
}

TEST(PreconditionsTest, ArePutDownForAllThatIsReadAndMade) {
  Question question;
  question.options.existing_target = ExistingTarget::kReplace;
  question.catalog.push_back(Entry("dev", "orders", RelationKind::kTable, "3"));
  question.catalog.erase(question.catalog.begin() + 1);  // report: a skip
  EXPECT_EQ(Facts(*Ask(question)),
            (Texts{"source_relation \"db\".\"prod\".\"orders\": table@7",
                   "target_relation \"db\".\"dev\".\"orders\": table@3",
                   "source_relation \"db\".\"prod\".\"codes\": table@1",
                   "target_relation \"db\".\"dev\".\"codes\": absent",
                   "schema \"db\".\"dev\": present"}));
}

TEST(PreconditionsTest, HoldUntilTheWorldChanges) {
  const Question question;
  const Plan plan = *Ask(question);
  const dialect::Dialect& duckdb = **dialect::FindDialect("duckdb");
  EXPECT_EQ(SchemasToCheck(plan),
            (std::vector<SchemaName>{{"db", "dev"}, {"db", "prod"}}));
  std::vector<CatalogEntry> catalog = Built();
  EXPECT_TRUE(
      ViolatedPreconditions(plan, duckdb, catalog, question.schemas).empty());
  catalog[0].version = "8";
  catalog[1].kind = RelationKind::kTable;
  catalog.pop_back();
  catalog.push_back(Entry("DEV", "Orders", RelationKind::kView));
  const SchemaName only_prod[] = {{"db", "prod"}};
  Texts found;
  for (const Violation& violation :
       ViolatedPreconditions(plan, duckdb, catalog, only_prod)) {
    found.push_back(absl::StrCat(violation.precondition.subject, ": ",
                                 violation.precondition.expected, " -> ",
                                 violation.found));
  }
  EXPECT_EQ(found, (Texts{"\"db\".\"prod\".\"orders\": table@7 -> table@8",
                          "\"db\".\"dev\".\"orders\": absent -> view",
                          "\"db\".\"prod\".\"report\": view -> table",
                          "\"db\".\"prod\".\"codes\": table@1 -> absent",
                          "\"db\".\"dev\": present -> absent"}));
}

}  // namespace
}  // namespace doppel::clone

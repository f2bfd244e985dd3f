#include "service/clone/plan.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_replace.h"
#include "service/base/error.h"

namespace doppel::clone {
namespace {

Plan Sample() {
  Plan plan;
  plan.id = "p1";
  plan.kind = PlanKind::kClone;
  plan.source_environment = "prod";
  plan.source_manifest = std::string(64, 'a');
  plan.connection = "shop/dev";
  plan.warehouse = "duckdb";
  Operation schema;
  schema.id = 1;
  schema.kind = OperationKind::kCreateSchema;
  schema.reason = OperationReason::kSchemaMissing;
  schema.target = PlannedRelation{
      {"db", "dev", ""}, RelationKind::kUnknown, "\"db\".\"dev\""};
  schema.statements = {"create schema if not exists \"db\".\"dev\""};
  Operation view;
  view.id = 2;
  view.kind = OperationKind::kPointerView;
  view.reason = OperationReason::kNoZeroCopy;
  view.unique_id = "model.shop.sch\xC3\xB6n";
  view.source = PlannedRelation{{"db", "prod", "a\"b"},
                                RelationKind::kTable,
                                "\"db\".\"prod\".\"a\"\"b\""};
  view.target = PlannedRelation{
      {"db", "dev", "a"}, RelationKind::kView, "\"db\".\"dev\".\"a\""};
  view.replaces =
      PlannedRelation{{"db", "dev", "a"}, RelationKind::kMaterializedView, "x"};
  view.statements = {"begin", "line\nbreak \\ \"quote\"", "commit"};
  view.explanation = "because";
  view.depends_on = {1};
  plan.operations = {schema, view};
  plan.preconditions = {{PreconditionKind::kTargetRelation,
                         "\"db\".\"dev\"",
                         "absent",
                         {"db", "dev", "a"}}};
  plan.warnings = {{"Name", "text"}};
  plan.escapes = {{"model.shop.a", *view.target, *view.source, "model.shop.b",
                   EscapeReason::kNotInTarget, "why"}};
  return plan;
}

Plan SamplePromotion() {
  Plan plan = Sample();
  plan.kind = PlanKind::kPromotion;
  plan.manifest_after = std::string(64, 'b');
  plan.keep_seconds = int64_t{7} * 24 * 60 * 60;
  Operation swap;
  swap.id = 3;
  swap.kind = OperationKind::kSwap;
  swap.reason = OperationReason::kPromoted;
  Placement placement;
  placement.unique_id = "model.shop.a";
  placement.source =
      PlannedRelation{{"db", "blue", "a"}, RelationKind::kTable, "blue.a"};
  placement.copied = true;
  placement.target = {{"db", "prod", "a"}, RelationKind::kTable, "prod.a"};
  placement.kept_as =
      PlannedRelation{{"db", "prod", "a_old"}, RelationKind::kTable, "a_old"};
  placement.expires = true;
  placement.source_content = "1 2";
  placement.kept_content = "3 4";
  placement.followers = {{{"db", "bi", "v"}, RelationKind::kUnknown, "bi.v"}};
  placement.kept_version = 7;
  placement.mark = "doppel promotion 0a1b2c3d";
  placement.restore = {"create index \"i\" on a (b)"};
  Placement left_empty;
  left_empty.target = placement.target;
  swap.placements = {placement, left_empty};
  plan.operations.push_back(swap);
  return plan;
}

TEST(PlanJsonTest, APromotionComesBackAsItWas) {
  const Plan plan = SamplePromotion();

  const auto read = PlanFromJson(PlanToJson(plan));

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->operations, plan.operations);
  EXPECT_EQ(read->manifest_after, plan.manifest_after);
  EXPECT_EQ(read->keep_seconds, plan.keep_seconds);
  EXPECT_EQ(FingerprintOf(*read), FingerprintOf(plan));
}

TEST(FingerprintTest, IsThatOfAPlanFromBeforeThereWerePromotions) {
  EXPECT_EQ(PlanToJson(Sample()).find("placements"), std::string::npos);
  EXPECT_EQ(PlanToJson(Sample()).find("keep_seconds"), std::string::npos);
  EXPECT_EQ(PlanToJson(Sample()).find("manifest_after"), std::string::npos);
  Plan longer = SamplePromotion();
  longer.keep_seconds += 1;
  EXPECT_NE(FingerprintOf(longer), FingerprintOf(SamplePromotion()));
}

TEST(PlanJsonTest, ComesBackAsItWas) {
  const Plan plan = Sample();
  const std::string json = PlanToJson(plan);
  const auto read = PlanFromJson(json);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->operations, plan.operations);
  EXPECT_EQ(read->preconditions, plan.preconditions);
  EXPECT_EQ(read->warnings, plan.warnings);
  EXPECT_EQ(read->escapes, plan.escapes);
  EXPECT_EQ(read->source_environment, "prod");
  EXPECT_EQ(read->connection, "shop/dev");
  EXPECT_EQ(PlanToJson(*read), json);
  EXPECT_EQ(FingerprintOf(*read), FingerprintOf(plan));
}

TEST(PlanJsonTest, ReadsPlansOfBeforeThereWereEscapes) {
  Plan plan = Sample();
  plan.escapes.clear();
  const std::string json = PlanToJson(plan);
  const auto read =
      PlanFromJson(absl::StrReplaceAll(json, {{"\"escapes\":[],", ""}}));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(PlanToJson(*read), json);
}

TEST(PlanJsonTest, RejectsWhatIsNoPlan) {
  for (const std::string json :
       {"", "{}", "[]", "{\"id\":\"x\"", "{\"id\":1}"}) {
    EXPECT_EQ(GetReason(PlanFromJson(json).status()), Reason::kInternal)
        << json;
  }
}

TEST(FingerprintTest, ChangesWithWhatIsDoneAndNothingElse) {
  const std::string same = FingerprintOf(Sample());
  Plan plan = Sample();
  plan.id = "p2";
  plan.warnings.clear();
  plan.escapes.clear();
  EXPECT_EQ(FingerprintOf(plan), same);
  plan = Sample();
  plan.connection = "shop/prod";
  EXPECT_NE(FingerprintOf(plan), same);
  plan = Sample();
  plan.operations[1].statements[1] += " ";
  EXPECT_NE(FingerprintOf(plan), same);
  plan = Sample();
  plan.preconditions[0].expected = "view";
  EXPECT_NE(FingerprintOf(plan), same);
}

TEST(SummaryTest, CountsByKind) {
  const PlanSummary summary = Summarize(Sample());
  EXPECT_EQ(summary.schemas, 1);
  EXPECT_EQ(summary.pointer_views, 1);
  EXPECT_EQ(summary.replaced_relations, 1);
  EXPECT_EQ(summary.statements, 4);
  EXPECT_EQ(summary.skips, 0);
  EXPECT_EQ(summary.escapes, 1);
}

}  // namespace
}  // namespace doppel::clone

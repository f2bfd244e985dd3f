// Schemas cloned in one statement, as the planner does it.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "service/clone/test_question.h"

namespace doppel::clone {
namespace {

CatalogEntry Upper(const std::string& identifier, RelationKind kind) {
  return {{"DB", "PROD", identifier}, kind, "1", -1, -1};
}

// All of db.prod, to a schema that is not there.
Question Whole() {
  Question question;
  question.adapter = "snowflake";
  question.catalog = {Upper("ORDERS", RelationKind::kTable),
                      Upper("REPORT", RelationKind::kView),
                      Upper("CODES", RelationKind::kTable)};
  question.schemas = {{"DB", "PROD"}};
  question.options.whole_schemas = true;
  return question;
}

// Why the question's one schema is not cloned whole.
std::string WhyNot(const Question& question) {
  const auto plan = Ask(question);
  EXPECT_TRUE(plan.ok()) << plan.status();
  for (const Operation& operation : plan->operations) {
    EXPECT_NE(operation.reason, OperationReason::kWholeSchema);
    EXPECT_NE(operation.reason, OperationReason::kWithSchema);
  }
  if (plan->warnings.size() != 1) return "warnings are missing";
  EXPECT_EQ(plan->warnings[0].name, "SchemaNotWhole");
  return plan->warnings[0].message;
}

TEST(WholeSchemasTest, OneStatementClonesAllOfThem) {
  const auto plan = Ask(Whole());
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(Decisions(*plan), (Texts{"db.dev: create_schema whole_schema",
                                     "model.shop.eph: skip ephemeral",
                                     "model.shop.orders: clone_table "
                                     "with_schema",
                                     "model.shop.report: pointer_view "
                                     "with_schema",
                                     "seed.shop.codes: clone_table "
                                     "with_schema"}));
  EXPECT_EQ(plan->operations[0].statements,
            Texts{"create schema db.dev clone db.prod"});
  EXPECT_EQ(
      plan->operations[0].explanation,
      "all 3 relations of db.prod in one statement, with whatever else is "
      "in there");
  EXPECT_EQ(Summarize(*plan).statements, 1);
  EXPECT_EQ(plan->operations[2].depends_on, std::vector<int>{1});
  EXPECT_EQ(plan->operations[2].target->name,
            (RelationName{"DB", "DEV", "ORDERS"}));
  EXPECT_TRUE(plan->warnings.empty());
  for (const Precondition& precondition : plan->preconditions) {
    EXPECT_EQ(precondition.kind, PreconditionKind::kSourceRelation);
  }
}

TEST(WholeSchemasTest, AtOneTime) {
  Question question = Whole();
  question.as_of = PointInTime{absl::UnixEpoch(), absl::UnixEpoch()};
  const auto plan = Ask(question);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_TRUE(absl::EndsWith(
      plan->operations[0].statements[0],
      "at (timestamp => '1970-01-01T00:00:00.000000+00:00'::timestamp_tz)"));
}

TEST(WholeSchemasTest, OnlyWhereThatWasAskedFor) {
  Question question = Whole();
  question.options.whole_schemas = false;
  EXPECT_EQ(Decisions(*Ask(question))[0],
            "db.dev: create_schema schema_missing");
}

TEST(WholeSchemasTest, OnlyWhereTheWarehouseCan) {
  Question question;
  question.options.whole_schemas = true;
  EXPECT_EQ(WhyNot(question), "duckdb cannot clone a schema in one statement");
}

TEST(WholeSchemasTest, OnlyToASchemaThatIsNotThere) {
  Question question = Whole();
  question.schemas.push_back({"DB", "DEV"});
  EXPECT_EQ(WhyNot(question),
            "db.prod is not cloned in one statement: db.dev is there already");
}

TEST(WholeSchemasTest, OnlyWhereAllOfItIsToBeCloned) {
  Question question = Whole();
  question.catalog.push_back(Upper("SECRETS", RelationKind::kTable));
  EXPECT_TRUE(absl::EndsWith(WhyNot(question),
                             ": \"DB\".\"PROD\".\"SECRETS\" is not to be "
                             "cloned"));
}

TEST(WholeSchemasTest, OnlyTablesAndViews) {
  Question question = Whole();
  question.catalog[2].kind = RelationKind::kDynamicTable;
  EXPECT_TRUE(absl::EndsWith(WhyNot(question), "is a dynamic table"));
}

TEST(WholeSchemasTest, OnlyUnderTheSameNames) {
  Question question = Whole();
  question.rules = {{"", "", "", "dev", "new_{identifier}"}};
  EXPECT_TRUE(absl::EndsWith(WhyNot(question),
                             ": db.prod.orders is to have another name"));
}

TEST(WholeSchemasTest, OnlyToOneSchemaAndFromOne) {
  Question question = Whole();
  question.target[3].schema = "elsewhere";
  EXPECT_TRUE(absl::EndsWith(WhyNot(question),
                             ": its relations go to several schemas"));
  question = Whole();
  question.source[3].schema = "raw";
  question.catalog[2].name.schema = "RAW";
  const auto plan = Ask(question);
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->warnings.size(), 2u);
  EXPECT_TRUE(absl::EndsWith(plan->warnings[0].message,
                             "db.dev is to have those of another schema, too"));
}

TEST(WholeSchemasTest, NotWithClosedViews) {
  Question question = Whole();
  question.options.views = Views::kClosed;
  question.source[2].more = "\"compiled_code\":\"select 1\"";  // report's
  EXPECT_TRUE(
      absl::EndsWith(WhyNot(question), ": of db.prod.report is made a view"));
}

}  // namespace
}  // namespace doppel::clone

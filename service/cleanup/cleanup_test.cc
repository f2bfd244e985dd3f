#include "service/cleanup/cleanup.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"

namespace doppel::cleanup {
namespace {

using clone::Operation;
using clone::OperationKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Texts = std::vector<std::string>;

constexpr RelationKind kTable = RelationKind::kTable;
constexpr RelationKind kView = RelationKind::kView;

struct Question {
  std::string adapter = "postgres";
  std::vector<Owned> owned;
  std::set<std::string> environments = {"ci"};
  std::vector<CatalogEntry> catalog;
  std::vector<SchemaName> schemas = {{"db", "ci"}, {"db", "prod"}};

  CleanupInputs inputs() const {
    return {*dialect::FindDialect(adapter), owned, environments, catalog,
            schemas};
  }

  // doppel made it of prod's, and nobody touched it.
  void Made(const std::string& name, RelationKind kind,
            std::vector<RelationName> holders = {}) {
    owned.push_back({{"db", "ci", name},
                     kind,
                     "v1",
                     "ci",
                     "model.shop." + name,
                     "e1",
                     {"db", "prod", name}});
    Stands("ci", name, kind, "v1", std::move(holders));
  }
  void MadeSchema(const std::string& schema) {
    Owned made;
    made.name = {"db", schema, ""};
    made.environment = "ci";
    owned.push_back(made);
  }
  void Stands(const std::string& schema, const std::string& name,
              RelationKind kind, const std::string& version,
              std::vector<RelationName> holders = {}) {
    catalog.push_back(
        {{"db", schema, name}, kind, version, -1, -1, std::move(holders)});
  }
  CatalogEntry& entry(const std::string& name) {
    return *std::find_if(
        catalog.begin(), catalog.end(),
        [&](const CatalogEntry& e) { return e.name.identifier == name; });
  }
};

// Each operation as "<relation>: <kind> <reason>".
Texts Decisions(const clone::Plan& plan) {
  Texts texts;
  for (const Operation& operation : plan.operations) {
    const RelationName& name = operation.target->name;
    texts.push_back(absl::StrCat(name.schema, ".", name.identifier, ": ",
                                 clone::OperationKindName(operation.kind), " ",
                                 clone::OperationReasonName(operation.reason)));
  }
  return texts;
}

TEST(CleanupTest, DropsViewsThenTablesThenTheSchema) {
  Question question;
  question.MadeSchema("ci");
  question.Made("a", kTable);
  question.Made("b", kView);

  const clone::Plan plan = PlanCleanup(question.inputs());

  EXPECT_EQ(plan.kind, clone::PlanKind::kCleanup);
  EXPECT_EQ(plan.warehouse, "postgres");
  EXPECT_THAT(Decisions(plan),
              ElementsAre("ci.b: drop expired", "ci.a: drop expired",
                          "ci.: drop expired"));
  EXPECT_EQ(plan.operations[0].unique_id, "model.shop.b");
  EXPECT_EQ(plan.operations[0].source->rendered, "\"db\".\"prod\".\"b\"");
  EXPECT_THAT(plan.operations[0].statements,
              ElementsAre("drop view \"db\".\"ci\".\"b\""));
  EXPECT_THAT(plan.operations[1].statements,
              ElementsAre("drop table \"db\".\"ci\".\"a\""));
  EXPECT_THAT(plan.operations[2].statements, ElementsAre("drop schema \"ci\""));
  EXPECT_THAT(plan.operations[2].depends_on, ElementsAre(1, 2));
  ASSERT_EQ(plan.preconditions.size(), 3u);
  EXPECT_EQ(plan.preconditions[0].subject, "\"db\".\"ci\".\"b\"");
  EXPECT_EQ(plan.preconditions[0].expected, "view@v1");
  EXPECT_EQ(plan.preconditions[1].expected, "table@v1");
  EXPECT_EQ(plan.preconditions[2].expected, "present");
}

TEST(CleanupTest, LeavesWhatIsNotInTheLedger) {
  Question question;
  question.MadeSchema("ci");
  question.Made("a", kTable);
  question.Stands("ci", "theirs", kTable, "v1");

  const clone::Plan plan = PlanCleanup(question.inputs());

  EXPECT_THAT(Decisions(plan),
              ElementsAre("ci.a: drop expired", "ci.: skip schema_kept"));
  EXPECT_THAT(plan.operations[1].explanation,
              HasSubstr("still holds \"db\".\"ci\".\"theirs\""));
}

TEST(CleanupTest, LeavesWhatOtherEnvironmentsOwn) {
  Question question;
  question.Made("a", kTable);
  question.Made("b", kTable);
  question.owned[1].environment = "staging";

  EXPECT_THAT(Decisions(PlanCleanup(question.inputs())),
              ElementsAre("ci.a: drop expired"));
  question.environments = {"nobody"};
  EXPECT_THAT(PlanCleanup(question.inputs()).operations, IsEmpty());
}

TEST(CleanupTest, LeavesWhatSomebodyTookOver) {
  Question question;
  question.Made("changed", kTable);
  question.Made("gone", kTable);
  question.Made("table_now", kView);
  question.Made("unseen", kTable);
  question.entry("changed").version = "v2";
  question.entry("table_now").kind = kTable;
  question.owned[3].version = "";
  std::erase_if(question.catalog, [](const CatalogEntry& entry) {
    return entry.name.identifier == "gone";
  });

  const clone::Plan plan = PlanCleanup(question.inputs());

  EXPECT_THAT(Decisions(plan), ElementsAre("ci.table_now: skip taken_over",
                                           "ci.changed: skip taken_over",
                                           "ci.gone: skip target_gone",
                                           "ci.unseen: skip not_verified"));
  EXPECT_THAT(plan.operations[0].explanation,
              HasSubstr("doppel made a view, and"));
  EXPECT_THAT(plan.operations[3].explanation, HasSubstr("executions/e1"));
  EXPECT_THAT(plan.preconditions, IsEmpty());
}

TEST(CleanupTest, TakesTheKindWhereTheWarehouseHasNoVersions) {
  Question question;
  question.Made("a", kTable);
  question.owned[0].version = "";
  question.entry("a").version = "";

  EXPECT_THAT(Decisions(PlanCleanup(question.inputs())),
              ElementsAre("ci.a: drop expired"));
}

TEST(CleanupTest, DropsAReaderBeforeWhatItReads) {
  Question question;
  question.Made("a", kView, {{"db", "ci", "b"}});
  question.Made("b", kView);

  const clone::Plan plan = PlanCleanup(question.inputs());

  EXPECT_THAT(Decisions(plan),
              ElementsAre("ci.a: drop expired", "ci.b: drop expired"));
  EXPECT_THAT(plan.operations[0].depends_on, ElementsAre(2));
  EXPECT_THAT(plan.operations[1].depends_on, IsEmpty());
}

TEST(CleanupTest, LeavesWhatSomebodysViewReads) {
  Question question;
  question.Made("a", kTable, {{"db", "ci", "b"}});
  question.Made("b", kView, {{"db", "theirs", "report"}});
  question.Made("c", kTable);

  const clone::Plan plan = PlanCleanup(question.inputs());

  EXPECT_THAT(Decisions(plan),
              ElementsAre("ci.b: skip still_read", "ci.a: skip still_read",
                          "ci.c: drop expired"));
  EXPECT_EQ(plan.operations[0].explanation,
            "\"db\".\"theirs\".\"report\", which stays, depends on "
            "\"db\".\"ci\".\"b\"");
}

TEST(CleanupTest, KnowsItsOwnReadersWhereTheCatalogDoesNot) {
  Question question;
  question.adapter = "duckdb";
  question.Made("a", kTable);
  question.owned.push_back({{"db", "bi", "a"},
                            kView,
                            "v1",
                            "bi",
                            "model.shop.a",
                            "e2",
                            {"db", "CI", "A"}});

  EXPECT_THAT(SchemasOf(question.inputs()),
              ElementsAre(SchemaName{"db", "bi"}, SchemaName{"db", "ci"}));
  EXPECT_THAT(Decisions(PlanCleanup(question.inputs())),
              ElementsAre("ci.a: drop expired"));  // the view is not there
  question.Stands("bi", "a", kView, "v1");
  EXPECT_THAT(Decisions(PlanCleanup(question.inputs())),
              ElementsAre("ci.a: skip still_read"));
  question.environments.insert("bi");
  EXPECT_THAT(Decisions(PlanCleanup(question.inputs())),
              ElementsAre("bi.a: drop expired", "ci.a: drop expired"));
}

TEST(CleanupTest, LeavesASchemaThatTheWarehouseWouldEmpty) {
  Question question;
  question.adapter = "snowflake";
  question.MadeSchema("ci");
  question.MadeSchema("gone");

  EXPECT_THAT(Decisions(PlanCleanup(question.inputs())),
              ElementsAre("ci.: skip schema_kept", "gone.: skip target_gone"));
}

TEST(CleanupTest, SaysWhereVersionsMissChanges) {
  Question question;
  question.adapter = "duckdb";
  question.Made("a", kView);
  EXPECT_THAT(PlanCleanup(question.inputs()).warnings, IsEmpty());
  question.Made("b", kTable);
  const clone::Plan plan = PlanCleanup(question.inputs());
  ASSERT_EQ(plan.warnings.size(), 1u);
  EXPECT_EQ(plan.warnings[0].name, "VersionsMissChanges");
}

// A world in which anybody may have done anything.
Question Chance(std::mt19937& random) {
  Question question;
  question.adapter = random() % 2 == 0 ? "duckdb" : "postgres";
  for (int i = 0; i < 12; ++i) {
    const std::string name = absl::StrCat("r", i);
    question.Made(name, random() % 2 == 0 ? kTable : kView);
    if (random() % 3 == 0) question.owned.back().environment = "staging";
    if (random() % 8 == 0) question.owned.back().version = "";
    CatalogEntry& entry = question.catalog.back();
    if (random() % 5 == 0) entry.version = "v2";
    if (random() % 7 == 0) entry.kind = kView;
    if (i > 0 && random() % 3 == 0) {
      entry.holders = {{"db", "ci", absl::StrCat("r", random() % i)}};
    }
    if (random() % 6 == 0) question.owned.pop_back();
    if (random() % 9 == 0) question.catalog.pop_back();
  }
  if (random() % 2 == 0) question.MadeSchema("ci");
  return question;
}

// What the ledger and the catalog together allow to be sent.
Texts Allowed(const Question& question) {
  const dialect::Dialect& dialect = **dialect::FindDialect(question.adapter);
  constexpr dialect::Quoting kQuoted = {true, true, true};
  Texts allowed;
  for (const Owned& owned : question.owned) {
    if (owned.environment != "ci") continue;
    if (owned.name.identifier.empty()) {
      allowed.push_back(
          dialect.DropSchema(owned.name.schema_name(), kQuoted).front());
    }
    for (const CatalogEntry& entry : question.catalog) {
      if (entry.name != owned.name || entry.kind != owned.kind) continue;
      if (entry.version != owned.version) continue;
      allowed.push_back(dialect.Drop(owned.name, kQuoted, owned.kind).front());
    }
  }
  return allowed;
}

TEST(CleanupTest, SendsNothingThatTheLedgerDoesNotAllow) {
  std::mt19937 random(20240229);
  int sent = 0;
  for (int round = 0; round < 2000; ++round) {
    const Question question = Chance(random);
    const Texts allowed = Allowed(question);
    const clone::Plan plan = PlanCleanup(question.inputs());
    std::set<RelationName> dropped;
    for (const Operation& operation : plan.operations) {
      for (const std::string& statement : operation.statements) {
        EXPECT_THAT(allowed, testing::Contains(statement));
        ++sent;
      }
      for (const int id : operation.depends_on) {
        EXPECT_EQ(plan.operations[id - 1].kind, OperationKind::kDrop);
      }
      if (operation.kind == OperationKind::kDrop) {
        dropped.insert(operation.target->name);
      }
    }
    // Whoever reads what goes, goes; a schema goes with all that is in it.
    for (const CatalogEntry& entry : question.catalog) {
      if (!dropped.contains(entry.name)) {
        EXPECT_FALSE(dropped.contains({"db", "ci", ""}));
        continue;
      }
      for (const RelationName& holder : entry.holders) {
        EXPECT_TRUE(dropped.contains(holder));
      }
    }
  }
  EXPECT_GT(sent, 2000);
}

}  // namespace
}  // namespace doppel::cleanup

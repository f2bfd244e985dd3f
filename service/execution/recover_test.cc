#include "service/execution/recover.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"
#include "service/execution/scripted_warehouse.h"
#include "service/execution/world.h"

namespace doppel::execution {
namespace {

struct Case {
  std::string name;
  clone::OperationKind kind;
  std::string before;  // as in a precondition
  RelationKind now;    // kUnknown: nothing
  std::string version;
  Effect effect;
};

class EffectTest : public testing::TestWithParam<Case> {};

World WorldWith(RelationKind kind, const std::string& version) {
  std::vector<CatalogEntry> entries;
  if (kind != RelationKind::kUnknown) {
    entries.push_back({{"db", "s", "X"}, kind, version});
  }
  return World(*dialect::FindDialect("duckdb"), "db", entries, {{"db", "s"}});
}

TEST_P(EffectTest, IsDecidedFromWhatStandsThere) {
  clone::Operation operation = MakeView(1, "x");
  operation.kind = GetParam().kind;
  clone::Plan plan = PlanOf({operation});
  if (!GetParam().before.empty()) {
    plan.preconditions.push_back({clone::PreconditionKind::kTargetRelation,
                                  "db.s.x", GetParam().before,
                                  operation.target->name});
  }

  const Effect effect =
      EffectOf(plan, operation, WorldWith(GetParam().now, GetParam().version));

  EXPECT_EQ(EffectName(effect), EffectName(GetParam().effect));
}

constexpr auto kView = clone::OperationKind::kPointerView;
constexpr auto kClosed = clone::OperationKind::kView;
constexpr auto kCopy = clone::OperationKind::kCopyTable;
constexpr auto kDrop = clone::OperationKind::kDrop;

INSTANTIATE_TEST_SUITE_P(
    All, EffectTest,
    testing::Values(Case{"MadeWhereNothingWas", kView, "absent",
                         RelationKind::kView, "v2", Effect::kDone},
                    Case{"StillNothing", kView, "absent",
                         RelationKind::kUnknown, "", Effect::kNotDone},
                    Case{"NoPreconditionMeansNothingWas", kView, "",
                         RelationKind::kView, "", Effect::kDone},
                    Case{"SomebodyElsesTable", kView, "absent",
                         RelationKind::kTable, "v2", Effect::kUnclear},
                    Case{"ViewReplacedTable", kView, "table@v1",
                         RelationKind::kView, "v2", Effect::kDone},
                    Case{"TableStillThere", kView, "table@v1",
                         RelationKind::kTable, "v1", Effect::kNotDone},
                    Case{"TableIsGone", kView, "table@v1",
                         RelationKind::kUnknown, "", Effect::kUnclear},
                    Case{"SameViewOldVersion", kView, "view@v1",
                         RelationKind::kView, "v1", Effect::kNotDone},
                    Case{"SameViewNewVersion", kView, "view@v1",
                         RelationKind::kView, "v2", Effect::kDone},
                    Case{"ClosedViewMade", kClosed, "absent",
                         RelationKind::kView, "v2", Effect::kDone},
                    Case{"ClosedViewNotMade", kClosed, "absent",
                         RelationKind::kUnknown, "", Effect::kNotDone},
                    Case{"VersionNotKnown", kCopy, "table@",
                         RelationKind::kTable, "", Effect::kRepeat},
                    Case{"CopyMade", kCopy, "absent", RelationKind::kTable,
                         "v2", Effect::kDone},
                    Case{"Dropped", kDrop, "view@v1", RelationKind::kUnknown,
                         "", Effect::kDone},
                    Case{"NotDropped", kDrop, "view@v1", RelationKind::kView,
                         "v1", Effect::kNotDone},
                    Case{"DroppedAndMadeAgain", kDrop, "view@v1",
                         RelationKind::kView, "v2", Effect::kUnclear}),
    [](const auto& info) { return info.param.name; });

TEST(EffectOfSchemaTest, AsksForTheSchema) {
  clone::Operation operation = MakeView(1, "x");
  operation.kind = clone::OperationKind::kCreateSchema;
  operation.target->name = {"db", "S", ""};
  const clone::Plan plan = PlanOf({operation});

  EXPECT_EQ(EffectOf(plan, operation, WorldWith(RelationKind::kUnknown, "")),
            Effect::kDone);
  operation.target->name.schema = "other";
  EXPECT_EQ(EffectOf(plan, operation, WorldWith(RelationKind::kUnknown, "")),
            Effect::kNotDone);
}

TEST(EffectOfSchemaTest, IsDroppedWhereItIsNotThere) {
  clone::Operation operation = MakeView(1, "x");
  operation.kind = clone::OperationKind::kDrop;
  operation.target->name = {"db", "S", ""};
  const clone::Plan plan = PlanOf({operation});

  EXPECT_EQ(EffectOf(plan, operation, WorldWith(RelationKind::kUnknown, "")),
            Effect::kNotDone);
  operation.target->name.schema = "other";
  EXPECT_EQ(EffectOf(plan, operation, WorldWith(RelationKind::kUnknown, "")),
            Effect::kDone);
}

TEST(EffectOfRenameTest, LooksAtBothNames) {
  clone::Operation operation = MakeView(1, "x");
  operation.kind = clone::OperationKind::kRename;
  operation.source->name = {"db", "s", "old"};
  const clone::Plan plan = PlanOf({operation});

  EXPECT_EQ(EffectOf(plan, operation, WorldWith(RelationKind::kTable, "")),
            Effect::kDone);
  EXPECT_EQ(EffectOf(plan, operation, WorldWith(RelationKind::kUnknown, "")),
            Effect::kUnclear);
}

}  // namespace
}  // namespace doppel::execution

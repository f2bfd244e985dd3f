#include "service/execution/recover.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
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

// Two tables that take the places of others, one of which is new there.
struct SwapCase {
  const char* name;
  std::vector<CatalogEntry> now;
  Effect effect;
};

CatalogEntry At(const std::string& schema, const std::string& identifier,
                const std::string& version = "v") {
  return {{"db", schema, identifier}, RelationKind::kTable, version};
}

World WorldOf(std::vector<CatalogEntry> entries) {
  return World(*dialect::FindDialect("duckdb"), "db", std::move(entries),
               {{"db", "blue"}, {"db", "prod"}});
}

class EffectOfPlacementsTest : public testing::TestWithParam<SwapCase> {};

TEST_P(EffectOfPlacementsTest, IsAllOrNothing) {
  clone::Operation swap;
  swap.id = 1;
  swap.kind = clone::OperationKind::kSwap;
  clone::Placement old;
  old.source =
      clone::PlannedRelation{{"db", "blue", "a"}, RelationKind::kTable, ""};
  old.copied = true;
  old.target.name = {"db", "prod", "a"};
  old.kept_as =
      clone::PlannedRelation{{"db", "prod", "a_old"}, RelationKind::kTable, ""};
  clone::Placement fresh;
  fresh.source =
      clone::PlannedRelation{{"db", "blue", "b"}, RelationKind::kTable, ""};
  fresh.target.name = {"db", "prod", "b"};
  swap.placements = {old, fresh};
  clone::Plan plan = PlanOf({swap});
  const auto kTarget = clone::PreconditionKind::kTargetRelation;
  const auto kSource = clone::PreconditionKind::kSourceRelation;
  plan.preconditions = {{kSource, "", "table@v", {"db", "blue", "a"}},
                        {kTarget, "", "table@v", {"db", "prod", "a"}},
                        {kTarget, "", "absent", {"db", "prod", "a_old"}},
                        {kSource, "", "table@v", {"db", "blue", "b"}},
                        {kTarget, "", "absent", {"db", "prod", "b"}}};

  EXPECT_EQ(EffectName(EffectOf(plan, swap, WorldOf(GetParam().now))),
            EffectName(GetParam().effect));
}

INSTANTIATE_TEST_SUITE_P(
    All, EffectOfPlacementsTest,
    testing::Values(SwapCase{"NotDone",
                             {At("blue", "a"), At("prod", "a"),
                              At("blue", "b")},
                             Effect::kNotDone},
                    SwapCase{"Done",
                             {At("blue", "a"), At("prod", "a"),
                              At("prod", "a_old"), At("prod", "b")},
                             Effect::kDone},
                    SwapCase{"SomebodyElseDidAPart",
                             {At("blue", "a"), At("prod", "a"), At("blue", "b"),
                              At("prod", "b")},
                             Effect::kUnclear}),
    [](const auto& info) { return info.param.name; });

// A table that got a new version of itself, or one again that it had.
TEST(EffectOfVersionTest, IsToldByTheTablesHistory) {
  clone::Placement placement;
  placement.target.name = {"db", "prod", "a"};
  placement.kept_version = 7;
  placement.mark = "doppel promotion 1f";
  for (const auto kind :
       {clone::OperationKind::kCopyTable, clone::OperationKind::kSwap}) {
    clone::Operation operation;
    operation.id = 1;
    operation.kind = kind;
    operation.target = placement.target;
    operation.placements = {placement};
    const auto effect = [&](std::vector<TableVersion> versions) {
      RelationDetails details;
      details.name = placement.target.name;
      details.versions = std::move(versions);
      return EffectOf(PlanOf({operation}), operation,
                      World(*dialect::FindDialect("spark"), "", {},
                            {{"", "prod"}}, {details}));
    };
    ASSERT_EQ(WishesOf(operation).size(), 1u);

    EXPECT_EQ(effect({{7, ""}, {6, ""}}), Effect::kNotDone);
    EXPECT_EQ(effect({{8, placement.mark}, {7, ""}}), Effect::kDone);
    // Somebody wrote after it, and somebody wrote instead of it.
    EXPECT_EQ(effect({{9, ""}, {8, placement.mark}}), Effect::kDone);
    EXPECT_EQ(effect({{8, "other"}, {7, ""}}), Effect::kUnclear);
    EXPECT_EQ(effect({}), Effect::kUnclear);
  }
}

TEST(EffectOfSwapTest, ComparesTheVersionsOfBoth) {
  clone::Operation swap;
  swap.id = 1;
  swap.kind = clone::OperationKind::kSwap;
  swap.source =
      clone::PlannedRelation{{"db", "blue", "a"}, RelationKind::kTable, ""};
  swap.target =
      clone::PlannedRelation{{"db", "prod", "a"}, RelationKind::kTable, ""};
  clone::Plan plan = PlanOf({swap});
  plan.preconditions = {{clone::PreconditionKind::kSourceRelation,
                         "",
                         "table@b",
                         {"db", "blue", "a"}},
                        {clone::PreconditionKind::kTargetRelation,
                         "",
                         "table@p",
                         {"db", "prod", "a"}}};

  const auto effect = [&](const std::string& blue, const std::string& prod) {
    return EffectOf(plan, swap,
                    WorldOf({At("blue", "a", blue), At("prod", "a", prod)}));
  };

  EXPECT_EQ(effect("b", "p"), Effect::kNotDone);
  EXPECT_EQ(effect("p", "b"), Effect::kDone);
  EXPECT_EQ(effect("p", "x"), Effect::kUnclear);
}

}  // namespace
}  // namespace doppel::execution

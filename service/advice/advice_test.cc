#include "service/advice/advice.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/advice/rebuilding.h"
#include "service/deferral/test_manifest.h"
#include "service/manifest/manifest.h"

namespace doppel::advice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

constexpr bool Needs::* kDeferAlone[] = {
    &Needs::no_new_objects, &Needs::no_drift, &Needs::several_sources};
constexpr bool Needs::* kCloneAlone[] = {&Needs::usable_by_other_tools,
                                         &Needs::safe_to_modify};

TEST(AdviceTest, FollowsEachRowOfTheComparison) {
  Needs either;
  either.no_recomputing = true;
  EXPECT_EQ(Advise(either).choice, Choice::kDefer);
  for (const auto need : kDeferAlone) {
    Needs needs = either;
    needs.*need = true;
    EXPECT_EQ(Advise(needs).choice, Choice::kDefer);
    EXPECT_THAT(Advise(needs).reasons, SizeIs(3));
  }
  for (const auto need : kCloneAlone) {
    Needs needs = either;
    needs.*need = true;
    EXPECT_EQ(Advise(needs).choice, Choice::kClone);
  }
}

TEST(AdviceTest, WeighsRowsThatDisagree) {
  for (const auto clone : kCloneAlone) {
    Needs needs;
    needs.*clone = true;
    needs.several_sources = true;
    EXPECT_EQ(Advise(needs).choice, Choice::kBoth);
    for (const auto spoilt : {&Needs::no_new_objects, &Needs::no_drift}) {
      Needs more = needs;
      more.*spoilt = true;
      EXPECT_EQ(Advise(more).choice, Choice::kNeither);
    }
  }
}

TEST(AdviceTest, TakesWhatCreatesNothingWhereNothingIsNeeded) {
  const Advice advice = Advise({});
  EXPECT_EQ(advice.choice, Choice::kDefer);
  EXPECT_THAT(advice.reasons, ElementsAre(HasSubstr("no need is stated")));
}

TEST(AdviceTest, GivesAReasonForEachNeed) {
  Needs needs;
  needs.usable_by_other_tools = true;
  needs.several_sources = true;
  EXPECT_THAT(
      Advise(needs).reasons,
      ElementsAre(StartsWith("objects that other tools can use: clone serves "
                             "it, defer does not"),
                  StartsWith("several, dynamic sources: defer serves it, clone "
                             "does not"),
                  StartsWith("both:")));
}

TEST(AdviceTest, TellsTheNumbers) {
  Numbers numbers;
  numbers.defer_relations = 1;
  numbers.clone_objects = 3;
  numbers.clone_pointer_views = 2;
  numbers.clone_statements = 4;
  EXPECT_THAT(ReasonsOf(numbers),
              ElementsAre(HasSubstr("would read 1 relation of"),
                          HasSubstr("3 objects, 2 pointer views among them")));
  numbers.has_times = true;
  numbers.rebuilding_avoided = absl::Seconds(90);
  EXPECT_THAT(ReasonsOf(numbers)[2], StartsWith("either way: 1m30s of"));
}

// seed -> a -> b -> c; d is apart.
std::shared_ptr<const manifest::Manifest> Shop() {
  return deferral::MakeTestManifest(
      {{.unique_id = "seed.shop.seed"},
       {.unique_id = "model.shop.a", .parents = {"seed.shop.seed"}},
       {.unique_id = "model.shop.b", .parents = {"model.shop.a"}},
       {.unique_id = "model.shop.c", .parents = {"model.shop.b"}},
       {.unique_id = "model.shop.d"},
       {.unique_id = "test.shop.t", .parents = {"model.shop.a"}}},
      {});
}

TEST(RebuildingTest, AddsUpWhatNeedNotBeBuilt) {
  const auto shop = Shop();
  const std::map<std::string, double> seconds = {
      {"seed.shop.seed", 1}, {"model.shop.a", 2},  {"model.shop.b", 4},
      {"model.shop.c", 8},   {"model.shop.d", 16}, {"test.shop.t", 32},
      {"model.shop.e", 64},
  };

  const Rebuilding of_b =
      RebuildingOf(*shop, deferral::NodesOf(*shop, {"model.shop.b"}), seconds);
  EXPECT_EQ(of_b.ancestors, absl::Seconds(3));
  EXPECT_EQ(of_b.selected, absl::Seconds(4));

  const Rebuilding of_both = RebuildingOf(
      *shop, deferral::NodesOf(*shop, {"model.shop.a", "model.shop.c"}),
      seconds);
  EXPECT_EQ(of_both.ancestors, absl::Seconds(5));
  EXPECT_EQ(of_both.selected, absl::Seconds(10));

  const Rebuilding of_all =
      RebuildingOf(*shop, deferral::AllNodes(*shop), seconds);
  EXPECT_EQ(of_all.ancestors, absl::ZeroDuration());
  EXPECT_EQ(of_all.selected, absl::Seconds(31));
}

}  // namespace
}  // namespace doppel::advice

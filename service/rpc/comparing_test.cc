#include "service/rpc/comparing.h"

#include <gtest/gtest.h>

#include "service/base/error.h"

namespace doppel::rpc {
namespace {

TEST(ReadVarsTest, ReadsWhatDbtTakes) {
  EXPECT_EQ(*ReadVars("{days: 7, zone: 'UTC'}", "vars"),
            (state::Vars{{"days", "7"}, {"zone", "\"UTC\""}}));
  EXPECT_EQ(*ReadVars("days: 7\nlist:\n- a\n- {b: 1}\n", "vars"),
            (state::Vars{{"days", "7"}, {"list", "[a, {\"b\": 1}]"}}));
  EXPECT_TRUE(ReadVars("", "vars")->empty());
}

TEST(ReadVarsTest, HowItIsWrittenDoesNotMatter) {
  EXPECT_EQ(*ReadVars("{\"a\": {\"x\": 1, \"y\": [true]}}", "vars"),
            *ReadVars("a:\n  'y': [true]\n  x: 1\n", "vars"))
      << "keys in another order and quoted otherwise";
  EXPECT_NE(*ReadVars("{a: 1}", "vars"), *ReadVars("{a: '1'}", "vars"));
}

TEST(ReadVarsTest, SaysWhatIsWrong) {
  const auto list = ReadVars("[1]", "comparison.vars");
  EXPECT_EQ(GetReason(list.status()), Reason::kInvalidArgument);
  EXPECT_EQ(list.status().message(),
            "comparison.vars: expected a YAML mapping of variables, as in "
            "\"{days: 7}\"");
  EXPECT_EQ(GetReason(ReadVars("{a: ", "vars").status()),
            Reason::kInvalidArgument);
}

TEST(CompareOptionsTest, EmptyOnesAreDbts) {
  const auto options = CompareOptionsOf({}, "", "comparison");
  EXPECT_EQ(*options, state::CompareOptions());
}

TEST(CompareOptionsTest, TheFlagGoesByTheVersion) {
  v1::ComparisonOptions given;
  EXPECT_TRUE(
      CompareOptionsOf(given, "1.12", "c")->compare_more_unrendered_values);
  EXPECT_FALSE(
      CompareOptionsOf(given, "1.11.3", "c")->compare_more_unrendered_values);
  given.set_compare_more_unrendered_values(true);
  EXPECT_TRUE(
      CompareOptionsOf(given, "1.11.3", "c")->compare_more_unrendered_values);
}

TEST(CompareOptionsTest, VariablesAreReadWhereTheyCount) {
  v1::ComparisonOptions given;
  given.set_vars("{days: 7}");
  EXPECT_TRUE(CompareOptionsOf(given, "", "c")->current_vars.empty());
  given.set_strict(true);
  EXPECT_EQ(CompareOptionsOf(given, "", "c")->current_vars,
            (state::Vars{{"days", "7"}}));
}

TEST(CompareOptionsTest, RefusesWhatIsNoVersionAndNoMute) {
  EXPECT_EQ(GetReason(CompareOptionsOf({}, "newest", "c").status()),
            Reason::kInvalidArgument);
  v1::ComparisonOptions given;
  given.add_mutes("colour");
  const auto options = CompareOptionsOf(given, "", "context.comparison");
  EXPECT_EQ(options.status().message().substr(0, 25),
            "context.comparison.mutes:");
}

}  // namespace
}  // namespace doppel::rpc

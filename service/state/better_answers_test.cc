// Where dbt's answer is wrong, and a caller may ask for the right one: each
// test shows both.
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/state/comparison.h"
#include "service/state/mutes.h"
#include "service/state/test_manifest.h"

namespace doppel::state {
namespace {

using manifest::NodeId;
using Names = std::set<std::string>;

Names Matching(const StateComparison& comparison, StateValue value) {
  Names names;
  for (NodeId id = 0; id < comparison.current().node_count(); ++id) {
    if (comparison.Matches(id, value)) {
      names.emplace(comparison.current().node(id).unique_id);
    }
  }
  return names;
}

Names Modified(const StateComparison& comparison) {
  return Matching(comparison, StateValue::kModified);
}

CompareOptions Strict() {
  CompareOptions options;
  options.strict = true;
  return options;
}

CompareOptions Muting(const std::vector<std::string>& mutes) {
  CompareOptions options;
  options.mutes = *Mutes::Parse(mutes, "mutes");
  return options;
}

// Without the seed that is too large, which every strict comparison reports.
const Edits kSmallSeed = {{R"({"name": "path", "checksum": "seeds/large.csv"})",
                           R"({"name": "sha256", "checksum": "1a49e"})"}};

Edits And(Edits edits, const Edits& more) {
  edits.insert(edits.end(), more.begin(), more.end());
  return edits;
}

// A macro of the project, as an entry of "macros".
std::string MacroJson(absl::string_view package, absl::string_view name,
                      absl::string_view code, absl::string_view calls = "") {
  const std::string unique_id = absl::StrCat("macro.", package, ".", name);
  return absl::StrCat("\"", unique_id, "\": {\"unique_id\": \"", unique_id,
                      "\", \"name\": \"", name, "\", \"package_name\": \"",
                      package, "\", \"macro_sql\": \"", code,
                      "\", \"depends_on\": {\"macros\": [", calls, "]}}, ");
}

// The edit that adds such entries.
std::pair<std::string, std::string> AddMacros(const std::string& entries) {
  const std::string first = "\"macro.dbt.test_not_null\": {";
  return {first, absl::StrCat(entries, first)};
}

// ---- Strict. ----

TEST(StrictTest, FindsNothingInTheSameProject) {
  const auto comparison = Compare(kSmallSeed, kSmallSeed, Strict());
  EXPECT_EQ(Modified(*comparison), Names{});
}

TEST(StrictTest, CountsWhatIsNewOfEveryType) {
  struct Renamed {
    std::string unique_id;
    std::string key;
  };
  const Renamed kRenamed[] = {
      {"source.lab.raw.events", "\"source.lab.raw.events\": {"},
      {"exposure.lab.dashboard", "\"exposure.lab.dashboard\": {"},
      {"metric.lab.revenue", "\"metric.lab.revenue\": {"},
      {"semantic_model.lab.orders", "\"semantic_model.lab.orders\": {"},
      {"saved_query.lab.weekly", "\"saved_query.lab.weekly\": {"},
  };
  for (const Renamed& renamed : kRenamed) {
    const Edits before =
        And(kSmallSeed,
            {{renamed.key, absl::StrCat("\"", renamed.unique_id, "_old\": {")},
             {absl::StrCat("\"unique_id\": \"", renamed.unique_id, "\""),
              absl::StrCat("\"unique_id\": \"", renamed.unique_id, "_old\"")}});
    const auto dbt = Compare(before, kSmallSeed);
    const auto right = Compare(before, kSmallSeed, Strict());
    const NodeId id = IdOf(*dbt, renamed.unique_id);
    EXPECT_FALSE(dbt->Matches(id, StateValue::kModified)) << renamed.unique_id;
    EXPECT_TRUE(dbt->Matches(id, StateValue::kUnmodified)) << renamed.unique_id;
    EXPECT_TRUE(right->Matches(id, StateValue::kModified)) << renamed.unique_id;
    EXPECT_FALSE(right->Matches(id, StateValue::kUnmodified));
    EXPECT_EQ(CausesOf(*right, id), Texts{"new"});
  }
}

TEST(StrictTest, CountsASeedThatDbtDidNotRead) {
  const auto dbt = Compare({}, {});
  const auto right = Compare({}, {}, Strict());
  EXPECT_EQ(Modified(*dbt), Names{});
  EXPECT_EQ(Modified(*right), Names{"seed.lab.large"});
  EXPECT_EQ(Matching(*right, StateValue::kModifiedBody),
            Names{"seed.lab.large"});
  EXPECT_EQ(CausesOf(*right, IdOf(*right, "seed.lab.large")),
            Texts{"body: too large for dbt to read: that it is the same "
                  "cannot be shown"});
}

TEST(StrictTest, FollowsTheMaterializationMacro) {
  const Edits before = And(
      kSmallSeed,
      {AddMacros(MacroJson("dbt", "materialization_table_default", "one"))});
  const Edits after = And(
      kSmallSeed,
      {AddMacros(MacroJson("dbt", "materialization_table_default", "two"))});
  const auto dbt = Compare(before, after);
  const auto right = Compare(before, after, Strict());
  EXPECT_EQ(Modified(*dbt), Names{});
  const Names tables = {"model.lab.orders", "model.lab.sales.v1"};
  EXPECT_EQ(Modified(*right), tables);
  EXPECT_EQ(Matching(*right, StateValue::kModifiedMacros), tables);
  EXPECT_EQ(CausesOf(*right, IdOf(*right, "model.lab.orders")),
            Texts{"macro macro.dbt.materialization_table_default: changed"});
}

TEST(StrictTest, FollowsWhatTheMaterializationMacroCalls) {
  const Edits macro = {
      AddMacros(MacroJson("dbt_duckdb", "materialization_seed_duckdb", "one",
                          "\"macro.lab.unused\""))};
  const Edits before = And(kSmallSeed, macro);
  const Edits after = And(before, {{"unused text", "used text"}});
  EXPECT_EQ(Modified(*Compare(before, after)), Names{});
  const auto right = Compare(before, after, Strict());
  EXPECT_EQ(Modified(*right), (Names{"seed.lab.codes", "seed.lab.large"}));
  EXPECT_EQ(CausesOf(*right, IdOf(*right, "seed.lab.codes")),
            Texts{"macro macro.lab.unused via "
                  "macro.dbt_duckdb.materialization_seed_duckdb > "
                  "macro.lab.unused: changed"});
}

TEST(StrictTest, SeesThatAnotherMacroNowMaterializes) {
  const std::string dbts =
      MacroJson("dbt", "materialization_view_default", "one");
  const std::string own =
      MacroJson("lab", "materialization_view_default", "mine");
  const Edits before = And(kSmallSeed, {AddMacros(dbts)});
  const Edits after = And(kSmallSeed, {AddMacros(dbts + own)});
  EXPECT_EQ(Modified(*Compare(before, after)), Names{});
  const auto right = Compare(before, after, Strict());
  EXPECT_EQ(Modified(*right), Names{"model.lab.documented"});
  EXPECT_EQ(CausesOf(*right, IdOf(*right, "model.lab.documented")),
            Texts{"macro macro.lab.materialization_view_default: instead of "
                  "macro.dbt.materialization_view_default"});
}

TEST(StrictTest, ComparesTheVariablesThatAreGiven) {
  const Edits project =
      And(kSmallSeed, {{"select 2 as id", "select {{ var('days', 7) }} as id"},
                       {"inner text", "{{ var('zone') }}"}});
  CompareOptions options = Strict();
  options.older_vars = {{"days", "7"}, {"zone", "\"UTC\""}, {"other", "1"}};
  options.current_vars = {{"days", "30"}, {"zone", "\"UTC\""}};
  EXPECT_EQ(Modified(*Compare(project, project)), Names{});
  const auto days = Compare(project, project, options);
  EXPECT_EQ(Modified(*days), Names{"model.lab.documented"});
  EXPECT_EQ(CausesOf(*days, IdOf(*days, "model.lab.documented")),
            Texts{"var days: 7 -> 30"});

  options.current_vars = {{"days", "7"}, {"other", "1"}};
  const auto zone = Compare(project, project, options);
  EXPECT_EQ(Modified(*zone), Names{"model.lab.orders"});
  EXPECT_EQ(CausesOf(*zone, IdOf(*zone, "model.lab.orders")),
            Texts{"var zone via macro.lab.outer > macro.lab.inner: "
                  "\"UTC\" -> (absent)"});
}

TEST(StrictTest, ReadsVariablesOfConfigsTestsAndSources) {
  const Edits project = And(
      kSmallSeed, {{R"({"strategy": "check", "schema": "snapshots"})",
                    R"({"strategy": "{{ var('a') }}", "schema": "snapshots"})"},
                   {R"("kwargs": {"column_name": "id"})",
                    R"("kwargs": {"column_name": "{{ var('a') }}"})"},
                   {"raw_{{ target.name }}", "raw_{{ var('a') }}"}});
  CompareOptions options = Strict();
  options.current_vars = {{"a", "1"}};
  EXPECT_EQ(Modified(*Compare(project, project)), Names{});
  EXPECT_EQ(Modified(*Compare(project, project, options)),
            (Names{"snapshot.lab.history", "source.lab.raw.events",
                   "test.lab.not_null_orders_id.0123456789"}));
}

// ---- Mutes. ----

TEST(MutedTest, AnUpgradedDbtsMacrosDoNotCount) {
  const Edits upgrade = {{"select 0", "select 1 where false"}};
  const std::string test = "test.lab.not_null_orders_id.0123456789";
  const auto dbt = Compare({}, upgrade);
  const auto right = Compare({}, upgrade, Muting({"dbt_macros"}));
  EXPECT_EQ(Modified(*dbt), Names{test});
  EXPECT_EQ(Modified(*right), Names{});
  EXPECT_EQ(Matching(*right, StateValue::kModifiedMacros), Names{});
  const NodeId id = IdOf(*right, test);
  EXPECT_TRUE(right->Matches(id, StateValue::kUnmodified));
  EXPECT_EQ(CausesOf(*right, id), Texts{});
  EXPECT_TRUE(right->HasMutedCauses(id));
  EXPECT_EQ(right->MutedCauses(id).front().subject, "macro.dbt.test_not_null");
}

TEST(MutedTest, TheProjectsOwnMacrosStillCount) {
  const auto right =
      Compare({}, {{"inner text", "other"}}, Muting({"dbt_macros"}));
  EXPECT_EQ(Modified(*right), Names{"model.lab.orders"});
  EXPECT_FALSE(right->HasMutedCauses(IdOf(*right, "model.lab.orders")));
}

TEST(MutedTest, AConfigThatOnlyRendersApartDoesNotCount) {
  // Without the flag for unrendered values dbt keeps what the call gave.
  const auto rendered = [](const std::string& warehouse) {
    return Edits{
        {"config(materialized='table')",
         "config(materialized='table', snowflake_warehouse=target.name)"},
        {R"("unrendered_config": {"materialized": "table", "tags")",
         absl::StrCat("\"unrendered_config\": {\"snowflake_warehouse\": \"",
                      warehouse, "\", \"materialized\": \"table\", \"tags\"")}};
  };
  CompareOptions plain;
  plain.compare_more_unrendered_values = false;
  CompareOptions muting = Muting({"environment_config"});
  muting.compare_more_unrendered_values = false;
  const auto dbt = Compare(rendered("prod"), rendered("ci"), plain);
  const auto right = Compare(rendered("prod"), rendered("ci"), muting);
  EXPECT_EQ(Modified(*dbt), Names{"model.lab.orders"});
  EXPECT_EQ(Modified(*right), Names{});
  EXPECT_EQ(Matching(*right, StateValue::kModifiedConfigs), Names{});
}

TEST(MutedTest, AConfigThatSomebodyChangedStillCounts) {
  const auto right = Compare(
      {},
      {{"config(materialized='table') }}", "config(materialized='view') }}"},
       {R"("unrendered_config": {"materialized": "table", "tags")",
        R"("unrendered_config": {"materialized": "view", "tags")"}},
      Muting({"environment_config"}));
  EXPECT_EQ(Modified(*right), Names{"model.lab.orders"});
}

TEST(MutedTest, TheFlagOfUnrenderedValuesTurnedOnDoesNotCount) {
  const Edits flag_off = {
      {R"({"strategy": "check", )", R"({"strategy": "check", "x": "prod", )"}};
  const Edits flag_on = {
      {R"({"strategy": "check", )",
       R"({"strategy": "check", "x": "{{ target.name }}", )"}};
  EXPECT_EQ(Modified(*Compare(flag_off, flag_on)),
            Names{"snapshot.lab.history"});
  EXPECT_EQ(
      Modified(*Compare(flag_off, flag_on, Muting({"environment_config"}))),
      Names{});
}

TEST(MutedTest, ASourceOfAnotherTargetDoesNotCount) {
  const Edits ci = {{"raw_prod", "raw_ci"}};
  CompareOptions plain;
  plain.compare_more_unrendered_values = false;
  CompareOptions muting = Muting({"environment_config"});
  muting.compare_more_unrendered_values = false;
  EXPECT_EQ(Modified(*Compare({}, ci, plain)), Names{"source.lab.raw.events"});
  EXPECT_EQ(Modified(*Compare({}, ci, muting)), Names{});
}

TEST(MutedTest, OneCauseOfTwoLeavesTheOther) {
  const Edits both = {{"select 2 as id", "select 3 as id"},
                      {"Written down", "Written up"}};
  const auto right = Compare({}, both, Muting({"persisted_description"}));
  const NodeId id = IdOf(*right, "model.lab.documented");
  EXPECT_EQ(Modified(*right), Names{"model.lab.documented"});
  EXPECT_EQ(Matching(*right, StateValue::kModifiedPersistedDescriptions),
            Names{});
  EXPECT_EQ(CausesOf(*right, id),
            Texts{"body: line 1: select 2 as id -> select 3 as id"});
  EXPECT_EQ(right->MutedCauses(id).size(), 1u);
}

TEST(MutedTest, WhatStrictAddsCanBeMutedToo) {
  CompareOptions options = Strict();
  options.mutes = *Mutes::Parse({"body"}, "mutes");
  EXPECT_EQ(Modified(*Compare({}, {}, options)), Names{});
}

}  // namespace
}  // namespace doppel::state

#include "service/deferral/resolution.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "service/deferral/test_manifest.h"

namespace doppel::deferral {
namespace {

using Texts = std::vector<std::string>;

// stg and eph (ephemeral) read a source; mart reads both and a seed.
std::vector<TestNode> Project() {
  return {
      {.unique_id = "model.shop.eph",
       .parents = {"model.shop.stg"},
       .materialized = "ephemeral"},
      {.unique_id = "model.shop.mart",
       .parents = {"model.shop.eph", "model.shop.stg", "seed.shop.codes"}},
      {.unique_id = "model.shop.stg", .parents = {"source.shop.raw.orders"}},
      {.unique_id = "seed.shop.codes", .materialized = "seed"},
      {.unique_id = "test.shop.check",
       .parents = {"model.shop.mart"},
       .materialized = "test"},
      {.unique_id = "source.shop.raw.orders", .schema = "landing"}};
}

TestManifestOptions InSchema(const std::string& schema) {
  TestManifestOptions options;
  options.schema = schema;
  return options;
}

// What is asked, with what the tests vary.
struct Question {
  std::vector<TestNode> current = Project();
  std::vector<std::pair<std::string, std::vector<TestNode>>> sources = {
      {"prod", Project()}};
  std::map<std::string, Texts> serves;  // by label
  Texts selected = {"model.shop.mart"};
  std::vector<RelationName> existing;
  Command command = Command::kCompile;
  bool favor_state = false;
  std::string dbt_version = "1.12.6";
  bool quotes_identifiers = true;
};

Resolution Ask(const Question& question) {
  ResolveInputs inputs;
  inputs.current = MakeTestManifest(question.current);
  for (const auto& [label, nodes] : question.sources) {
    DeferSource source = {label, MakeTestManifest(nodes, InSchema(label)), {}};
    const auto serves = question.serves.find(label);
    if (serves != question.serves.end()) {
      source.serves = NodesOf(*source.manifest, serves->second);
    }
    inputs.sources.push_back(std::move(source));
  }
  inputs.selected = NodesOf(*inputs.current, question.selected);
  inputs.command = question.command;
  inputs.favor_state = question.favor_state;
  inputs.rules = *RulesOf(question.dbt_version);
  inputs.quoting.identifier = question.quotes_identifiers;
  inputs.dialect = *dialect::FindDialect("duckdb");
  inputs.target = std::make_shared<const ExistingRelations>(
      question.existing, *inputs.dialect, inputs.quoting, "db");
  return Resolve(std::move(inputs));
}

// Each ref of the node as "<name> <schema> <rule>", "-" for an inlined one.
Texts RefsOf(const Resolution& resolution, size_t index = 0) {
  Texts texts;
  const manifest::Manifest& current = *resolution.inputs().current;
  for (const RefResolution& ref : resolution.refs(index)) {
    const auto relation = resolution.RelationOf(ref);
    texts.push_back(absl::StrCat(current.node(ref.node).name, " ",
                                 relation.has_value() ? relation->schema : "-",
                                 " ", RuleName(ref.rule)));
  }
  return texts;
}

Texts UsagesOf(const Resolution& resolution, size_t index = 0) {
  Texts texts;
  for (const RefResolution& ref : resolution.refs(index)) {
    texts.emplace_back(UsageName(ref.usage));
  }
  return texts;
}

TEST(ResolutionTest, MissingRelationsAreBorrowedEvenOfSelectedNodes) {
  Question question;
  question.selected = {"model.shop.mart", "model.shop.stg"};
  const Resolution resolution = Ask(question);
  ASSERT_EQ(resolution.node_count(), 2u);
  EXPECT_EQ(RefsOf(resolution, 0),
            (Texts{"eph - ephemeral", "stg prod missing_in_target",
                   "codes prod missing_in_target"}));
  EXPECT_EQ(RefsOf(resolution, 1), Texts{"orders landing source_definition"});
}

TEST(ResolutionTest, TheTargetsOwnRelationWinsWhereItExists) {
  Question question;
  question.existing = {{"db", "dev", "STG"}};  // DuckDB folds
  EXPECT_EQ(RefsOf(Ask(question)),
            (Texts{"eph - ephemeral", "stg dev exists_in_target",
                   "codes prod missing_in_target"}));
}

TEST(ResolutionTest, ARelationWithoutADatabaseIsInTheDefaultOne) {
  Question question;
  question.existing = {{"", "dev", "stg"}};
  EXPECT_EQ(RefsOf(Ask(question))[1], "stg dev exists_in_target");
}

TEST(ResolutionTest, FavorStateBorrowsUnselectedNodesThatExist) {
  Question question;
  question.favor_state = true;
  question.existing = {{"db", "dev", "stg"}, {"db", "dev", "codes"}};
  question.selected = {"model.shop.mart", "seed.shop.codes"};
  EXPECT_EQ(RefsOf(Ask(question)),
            (Texts{"eph - ephemeral", "stg prod favor_state",
                   "codes dev exists_in_target"}));
}

TEST(ResolutionTest, WhatTheRunBuildsIsReadFromTheTarget) {
  Question question;
  question.selected = {"model.shop.mart", "model.shop.stg", "seed.shop.codes"};
  question.command = Command::kBuild;
  question.favor_state = true;
  EXPECT_EQ(RefsOf(Ask(question)),
            (Texts{"eph - ephemeral", "stg dev built_by_this_run",
                   "codes dev built_by_this_run"}));
  // dbt run builds no seeds, so the seed is not in its selected set.
  question.command = Command::kRun;
  const Resolution resolution = Ask(question);
  EXPECT_EQ(resolution.node_count(), 2u);
  EXPECT_EQ(RefsOf(resolution),
            (Texts{"eph - ephemeral", "stg dev built_by_this_run",
                   "codes prod favor_state"}));
}

TEST(ResolutionTest, TestsWithFavorStateReadTheSource) {
  Question question;
  question.selected = {"model.shop.mart", "test.shop.check"};
  question.existing = {{"db", "dev", "mart"}};
  question.command = Command::kTest;
  EXPECT_EQ(RefsOf(Ask(question)), Texts{"mart dev exists_in_target"});
  question.favor_state = true;
  EXPECT_EQ(RefsOf(Ask(question)), Texts{"mart prod favor_state"});
}

TEST(ResolutionTest, RefsOfInlinedCodeAreTheReadersOwn) {
  Question question;
  question.current = {
      {.unique_id = "model.shop.a"},
      {.unique_id = "model.shop.inner",
       .parents = {"model.shop.a"},
       .materialized = "ephemeral"},
      {.unique_id = "model.shop.outer",
       .parents = {"model.shop.inner"},
       .materialized = "ephemeral"},
      {.unique_id = "model.shop.reader", .parents = {"model.shop.outer"}}};
  question.sources = {{"prod", question.current}};
  question.selected = {"model.shop.reader"};
  const Resolution resolution = Ask(question);
  EXPECT_EQ(RefsOf(resolution), (Texts{"outer - ephemeral", "inner - ephemeral",
                                       "a prod missing_in_target"}));
  const RefResolution& last = resolution.refs(0)[2];
  EXPECT_EQ(resolution.inputs().current->node(last.through).name, "inner");
  EXPECT_TRUE(absl::StrContains(resolution.Explain(last),
                                "read by the inlined model.shop.inner"));
  EXPECT_EQ(resolution.refs(0)[0].through, kNoNode);
}

TEST(ResolutionTest, TheFirstSourceThatMayServeWins) {
  Question question;
  question.sources = {{"staging", Project()}, {"prod", Project()}};
  question.serves["staging"] = {"model.shop.stg"};
  const Resolution resolution = Ask(question);
  EXPECT_EQ(RefsOf(resolution),
            (Texts{"eph - ephemeral", "stg staging missing_in_target",
                   "codes prod missing_in_target"}));
  EXPECT_EQ(resolution.served_refs(), (std::vector<int>{1, 1}));
  const std::vector<Considered> considered =
      resolution.ConsideredFor(resolution.refs(0)[2]);
  ASSERT_EQ(considered.size(), 2u);
  EXPECT_EQ(considered[0].outcome, Outcome::kMayNotServe);
  EXPECT_EQ(considered[1].outcome, Outcome::kChosen);
  EXPECT_EQ(ServableNodes(resolution.inputs().sources[0]), 1u);
  EXPECT_EQ(ServableNodes(resolution.inputs().sources[1]), 3u);
}

TEST(ResolutionTest, ASourceThatHasItEphemeralIsPassedOver) {
  Question question;
  std::vector<TestNode> ephemeral = Project();
  ephemeral[2].materialized = "ephemeral";
  question.sources = {{"staging", ephemeral}, {"prod", Project()}};
  const Resolution resolution = Ask(question);
  EXPECT_EQ(RefsOf(resolution)[1], "stg prod missing_in_target");
  EXPECT_EQ(resolution.ConsideredFor(resolution.refs(0)[1])[0].outcome,
            Outcome::kEphemeral);
  question.sources = {{"staging", ephemeral}};
  EXPECT_EQ(RefsOf(Ask(question))[1], "stg dev not_in_sources");
}

TEST(ResolutionTest, ANodeThatNoSourceHasReadsTheTargetAndIsCounted) {
  Question question;
  question.sources = {{"prod", {}}};
  const Resolution resolution = Ask(question);
  EXPECT_EQ(RefsOf(resolution)[1], "stg dev not_in_sources");
  EXPECT_EQ(resolution.summary().unresolved_refs, 2);
  question.existing = {{"db", "dev", "stg"}};
  EXPECT_EQ(Ask(question).summary().unresolved_refs, 1);
}

TEST(ResolutionTest, SumsUp) {
  Question question;
  question.selected = {"model.shop.mart", "model.shop.stg", "test.shop.check"};
  const DeferralSummary summary = Ask(question).summary();
  EXPECT_EQ(summary.selected_nodes, 3);
  EXPECT_EQ(summary.refs, 5);
  EXPECT_EQ(summary.inlined_refs, 1);
  EXPECT_EQ(summary.target_refs, 1);
  EXPECT_EQ(summary.deferred_refs, 3);
  EXPECT_EQ(summary.borrowed_relations, 3);
  EXPECT_EQ(summary.unresolved_refs, 0);
}

TEST(ResolutionTest, FunctionsAreDeferredFromLate111On) {
  Question question;
  question.current.push_back({.unique_id = "function.shop.f"});
  question.current[1].parents.push_back("function.shop.f");
  question.sources = {{"prod", question.current}};
  EXPECT_EQ(RefsOf(Ask(question))[0], "f prod missing_in_target");
  question.dbt_version = "1.11.8";
  EXPECT_EQ(RefsOf(Ask(question))[0], "f prod missing_in_target");
  question.dbt_version = "1.11.7";
  EXPECT_EQ(RefsOf(Ask(question))[0], "f dev not_deferred");
}

// mart has a foreign key to codes, and calls eph, stg and `refs`.
Question WithForeignKey(const std::string& refs) {
  Question question;
  question.current[1].more = absl::StrCat(
      R"("refs":[{"name":"eph"},{"name":"stg"})", refs,
      R"j(],"constraints":[{"type":"foreign_key","to":"ref('codes')"}])j");
  return question;
}

TEST(ResolutionTest, AForeignKeyPointsToTheSourceEvenWhereTheTargetHasIt) {
  Question question = WithForeignKey(R"(,{"name":"codes"})");
  question.existing = {{"db", "dev", "codes"}};
  EXPECT_EQ(RefsOf(Ask(question)),
            (Texts{"eph - ephemeral", "stg prod missing_in_target",
                   "codes prod foreign_key"}));
  EXPECT_EQ(UsagesOf(Ask(question)), (Texts{"code", "code", "foreign_key"}));
}

TEST(ResolutionTest, AForeignKeyAndTheCodeMayReadDifferentRelations) {
  Question question = WithForeignKey(R"(,{"name":"codes"},{"name":"codes"})");
  question.existing = {{"db", "dev", "codes"}};
  EXPECT_EQ(RefsOf(Ask(question)),
            (Texts{"eph - ephemeral", "stg prod missing_in_target",
                   "codes dev exists_in_target", "codes prod foreign_key"}));
}

TEST(ResolutionTest, AForeignKeyToWhatIsSelectedDependsOnTheDbt) {
  Question question = WithForeignKey(R"(,{"name":"codes"})");
  question.selected = {"model.shop.mart", "seed.shop.codes"};
  question.command = Command::kBuild;
  for (const auto& [version, key] :
       {std::pair("1.10.5", "codes dev not_deferred"),
        {"1.11.2", "codes prod foreign_key"},
        {"1.12.6", "codes dev selected"}}) {
    question.dbt_version = version;
    EXPECT_EQ(RefsOf(Ask(question)).back(), key) << version;
  }
}

TEST(ResolutionTest, AForeignKeyThatNoSourceHasStays) {
  Question question = WithForeignKey(R"(,{"name":"codes"})");
  question.sources[0].second.erase(question.sources[0].second.begin() + 3);
  EXPECT_EQ(RefsOf(Ask(question)).back(), "codes dev not_in_sources");
}

TEST(ResolutionTest, WhatAHookReadsIsDeferredAsCodeIs) {
  Question question;
  question.current[1].more =
      R"("refs":[{"name":"eph"},{"name":"stg"},{"name":"codes"}])";
  question.current[1].config =
      R"("post-hook":[{"sql":"insert into log select * from )"
      R"({{ ref('codes') }}"}])";
  EXPECT_EQ(RefsOf(Ask(question)),
            (Texts{"eph - ephemeral", "stg prod missing_in_target",
                   "codes prod missing_in_target"}));
  EXPECT_EQ(UsagesOf(Ask(question)), (Texts{"code", "code", "hook"}));
  question.existing = {{"db", "dev", "codes"}};
  EXPECT_EQ(RefsOf(Ask(question)).back(), "codes dev exists_in_target");
  question.favor_state = true;
  EXPECT_EQ(RefsOf(Ask(question)).back(), "codes prod favor_state");
}

// A hook of the project that reads stg.
TestNode ProjectHook(const std::string& when) {
  return {.unique_id = "operation.shop.hook",
          .parents = {"model.shop.stg"},
          .more = absl::StrCat("\"tags\":[\"", when, "\"]")};
}

TEST(ResolutionTest, AHookBeforeTheRunReadsWhatTheRunIsYetToBuild) {
  Question question;
  question.selected = {"model.shop.stg"};
  question.command = Command::kRun;
  question.current.push_back(ProjectHook("on-run-start"));
  // The operation comes behind the models.
  const Resolution before = Ask(question);
  ASSERT_EQ(before.node_count(), 2u);
  EXPECT_EQ(RefsOf(before, 1), Texts{"stg prod missing_in_target"});
  question.current.back() = ProjectHook("on-run-end");
  EXPECT_EQ(RefsOf(Ask(question), 1), Texts{"stg dev built_by_this_run"});
}

TEST(ResolutionTest, NoHookRunsWhereNothingIsSelectedOrBuilt) {
  Question question;
  question.current.push_back(ProjectHook("on-run-start"));
  EXPECT_EQ(Ask(question).node_count(), 1u);  // of dbt compile
  question.command = Command::kSnapshot;      // mart is no snapshot
  EXPECT_EQ(Ask(question).node_count(), 0u);
}

// A unit test of mart: stg and mart itself (an incremental model's `this`) are
// given as rows, codes in SQL.
Question WithUnitTest() {
  Question question;
  question.current.push_back(
      {.unique_id = "unit_test.shop.mart.adds_up",
       .parents = {"model.shop.mart"},
       .more = R"j("given":[{"input":"ref('stg')","format":"dict"},)j"
               R"j({"input":"ref('codes')","format":"sql"},)j"
               R"({"input":"this","format":"csv"}])"});
  question.selected = {"unit_test.shop.mart.adds_up"};
  question.command = Command::kTest;
  return question;
}

TEST(ResolutionTest,
     AFixtureTakesItsColumnsFromTheSourceWhereTheTargetHasNone) {
  Question question = WithUnitTest();
  EXPECT_EQ(RefsOf(Ask(question)), (Texts{"mart prod missing_in_target",
                                          "stg prod missing_in_target"}));
  EXPECT_EQ(UsagesOf(Ask(question)), (Texts{"fixture", "fixture"}));
  question.existing = {{"db", "dev", "stg"}};
  question.favor_state = true;  // no matter here
  EXPECT_EQ(RefsOf(Ask(question)),
            (Texts{"mart prod missing_in_target", "stg dev exists_in_target"}));
}

TEST(ResolutionTest, AUnitTestRunsBeforeItsModelAndAfterWhatThatReads) {
  Question question = WithUnitTest();
  question.command = Command::kBuild;
  question.selected = {"model.shop.mart", "model.shop.stg",
                       "unit_test.shop.mart.adds_up"};
  const Resolution resolution = Ask(question);
  ASSERT_EQ(resolution.node_count(), 3u);
  EXPECT_EQ(RefsOf(resolution, 2), (Texts{"mart prod missing_in_target",
                                          "stg dev built_by_this_run"}));
}

TEST(ResolutionTest, Dbt17NeverDefersASelectedNode) {
  Question question;
  question.dbt_version = "1.7.19";
  question.selected = {"model.shop.mart", "model.shop.stg"};
  EXPECT_EQ(RefsOf(Ask(question)), (Texts{"eph - ephemeral", "stg dev selected",
                                          "codes prod missing_in_target"}));
}

TEST(ResolutionTest, Dbt17ReplacesAnEphemeralModelByATable) {
  Question question;
  question.dbt_version = "1.7";
  std::vector<TestNode> tables = Project();
  tables[0].materialized = "table";
  question.sources = {{"prod", tables}};
  // Its code is not inlined, so its own refs are not read.
  EXPECT_EQ(RefsOf(Ask(question)),
            (Texts{"eph prod missing_in_target", "stg prod missing_in_target",
                   "codes prod missing_in_target"}));
}

TEST(ResolutionTest, Dbt13HasNoFavorState) {
  Question question;
  question.favor_state = true;
  question.existing = {{"db", "dev", "stg"}};
  question.dbt_version = "1.3";
  EXPECT_EQ(RefsOf(Ask(question))[1], "stg dev exists_in_target");
  question.dbt_version = "1.4";
  EXPECT_EQ(RefsOf(Ask(question))[1], "stg prod favor_state");
  question.dbt_version = "0.18.2";
  EXPECT_EQ(RefsOf(Ask(question))[1], "stg prod missing_in_target");
}

TEST(ResolutionTest, ExplainsWithTheNamesOfTheCase) {
  const Resolution resolution = Ask({});
  EXPECT_EQ(resolution.Explain(resolution.refs(0)[1]),
            "the target has no \"db\".\"dev\".\"stg\": prod has it as "
            "\"db\".\"prod\".\"stg\"");
}

TEST(ResolutionTest, WarnsOfASourceThatWasDeferredItself) {
  Question question;
  question.sources[0].second[2].more = "\"deferred\":true";
  const Resolution resolution = Ask(question);
  ASSERT_EQ(resolution.warnings().size(), 1u);
  EXPECT_EQ(resolution.warnings()[0].name, "SourceDefersItself");
}

TEST(ResolutionTest, TheProjectsQuotingCountsForSourcesInDbt18Alone) {
  Question question;
  question.selected = {"model.shop.stg"};
  question.quotes_identifiers = false;
  const std::pair<const char*, const char*> kCases[] = {
      {"1.7.20", R"("db"."landing"."orders")"},
      {"1.8.0", R"("db"."landing".orders)"},
      {"1.8.10", R"("db"."landing".orders)"},
      {"1.9.0", R"("db"."landing"."orders")"},
  };
  for (const auto& [version, expected] : kCases) {
    question.dbt_version = version;
    const Resolution resolution = Ask(question);
    ASSERT_EQ(resolution.refs(0).size(), 1u);
    EXPECT_EQ(resolution.Render(resolution.refs(0)[0]), expected) << version;
  }
}

TEST(ResolutionTest, TheAliasOfADeferredFunctionIsForgottenBefore112) {
  Question question;
  question.current.push_back(
      {.unique_id = "function.shop.f", .alias = "f_of_shop"});
  question.current[1].parents.push_back("function.shop.f");
  question.sources = {{"prod", question.current}};
  question.selected = {question.current[1].unique_id};
  for (const auto& [version, expected] :
       {std::pair("1.11.16", R"("db"."prod"."f")"),
        std::pair("1.12.0", R"("db"."prod"."f_of_shop")")}) {
    question.dbt_version = version;
    const Resolution resolution = Ask(question);
    EXPECT_EQ(resolution.Render(resolution.refs(0)[0]), expected) << version;
  }
}

TEST(RulesOfTest, ReadsVersionsAsDbtWritesThem) {
  EXPECT_TRUE(RulesOf("1.7.19")->replaces_nodes);
  EXPECT_FALSE(RulesOf("1.8.0b2")->replaces_nodes);
  EXPECT_FALSE(RulesOf("2.0.0-beta.2")->replaces_nodes);
  EXPECT_TRUE(RulesOf("1.11")->defers_functions);
  EXPECT_FALSE(RulesOf("1.11.2")->defers_functions);
  EXPECT_EQ(RulesOf("1.12.6")->version, "1.12");
  EXPECT_EQ(RulesOf("")->version, "1.12");
  for (const absl::string_view bad : {"1", "latest", "1.x", "0.17.2", "1.12;",
                                      "99999999999.1", "1.1.99999999999"}) {
    EXPECT_FALSE(RulesOf(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace doppel::deferral

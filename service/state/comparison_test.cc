#include "service/state/comparison.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "service/base/error.h"
#include "service/state/test_manifest.h"

namespace doppel::state {
namespace {

using manifest::NodeId;

constexpr StateValue kSubSelectors[] = {
    StateValue::kModifiedBody,
    StateValue::kModifiedConfigs,
    StateValue::kModifiedPersistedDescriptions,
    StateValue::kModifiedRelation,
    StateValue::kModifiedMacros,
    StateValue::kModifiedContract,
};

// Modified node -> its causes.
std::map<std::string, Texts> ModifiedOf(const StateComparison& comparison) {
  std::map<std::string, Texts> modified;
  for (NodeId id = 0; id < comparison.current().node_count(); ++id) {
    if (!comparison.Matches(id, StateValue::kModified)) continue;
    modified[std::string(comparison.current().node(id).unique_id)] =
        CausesOf(comparison, id);
  }
  return modified;
}

// What each node matches beside old, new, modified and unmodified, as "body
// configs"; nodes that match none are left out.
std::map<std::string, std::string> SubSelectorsOf(
    const StateComparison& comparison) {
  std::map<std::string, std::string> all;
  for (NodeId id = 0; id < comparison.current().node_count(); ++id) {
    Texts texts;
    for (StateValue value : kSubSelectors) {
      if (!comparison.Matches(id, value)) continue;
      texts.emplace_back(
          StateValueName(value).substr(absl::string_view("modified.").size()));
    }
    if (texts.empty()) continue;
    all[std::string(comparison.current().node(id).unique_id)] =
        absl::StrJoin(texts, " ");
  }
  return all;
}

Texts WarningsOf(const StateComparison& comparison, StateValue value) {
  Texts names;
  for (const Warning& warning : comparison.WarningsFor(value)) {
    names.push_back(warning.name);
  }
  return names;
}

// ---- One change each, and all that dbt makes of it. ----

struct Mutation {
  std::string name;
  Edits edits;
  std::map<std::string, Texts> modified;             // with causes
  std::map<std::string, std::string> sub_selectors;  // of any node
};

void PrintTo(const Mutation& mutation, std::ostream* out) {
  *out << mutation.name;
}

const Mutation kMutations[] = {
    {"None", {}, {}, {}},
    {"BodyChanged",
     {{"select 2 as id", "select  2 as id"}},
     {{"model.lab.documented",
       {"body: line 1: select 2 as id -> select  2 as id"}}},
     {{"model.lab.documented", "body"}}},
    {"ConfigCallChanged",
     {{"config(materialized='table') }}", "config(materialized='view') }}"},
      {R"("unrendered_config": {"materialized": "table", "tags")",
       R"("unrendered_config": {"materialized": "view", "tags")"}},
     {{"model.lab.orders",
       {"body: line 1: {{ config(materialized='table') }} select 1 as id -> "
        "{{ config(materialized='view') }} select 1 as id",
        "config materialized: \"table\" -> \"view\""}}},
     {{"model.lab.orders", "body configs"}}},
    {"DefaultWrittenOut",
     {{R"({"strategy": "check", )",
       R"({"strategy": "check", "enabled": true, )"}},
     {{"snapshot.lab.history", {"config enabled: (absent) -> true"}}},
     {{"snapshot.lab.history", "configs"}}},
    {"NestedConfigValueChanged",
     {{R"({"select": ["bi"]})", R"({"select": ["bi", "ml"]})"}},
     {{"model.lab.orders",
       {R"(config grants: {"select":["bi"]} -> {"select":["bi","ml"]})"}}},
     {{"model.lab.orders", "configs"}}},
    {"TagsChanged", {{R"("tags": "daily",)", R"("tags": "hourly",)"}}, {}, {}},
    {"GroupConfigured",
     {{R"("tags": "daily",)", R"("tags": "daily", "group": "fin",)"}},
     {},
     {}},
    {"AliasConfigured",
     {{R"("tags": "daily",)", R"("tags": "daily", "alias": "o",)"}},
     {{"model.lab.orders", {"relation alias: (absent) -> \"o\""}}},
     {{"model.lab.orders", "relation"}}},
    {"SchemaConfigured",
     {{R"("check", "schema": "snapshots")", R"("check", "schema": "old")"}},
     {{"snapshot.lab.history", {"relation schema: \"snapshots\" -> \"old\""}}},
     {{"snapshot.lab.history", "relation"}}},
    {"RelationMovedByTargetAlone",
     {{R"("schema": "snapshots",
    "fqn")",
       R"("schema": "dev_snapshots",
    "fqn")"}},
     {},
     {}},
    {"DescriptionNotPersisted", {{"All orders", "Every order"}}, {}, {}},
    {"DescriptionPersisted",
     {{"Written down", "Written up"}},
     {{"model.lab.documented", {"persisted_description"}}},
     {{"model.lab.documented", "persisted_descriptions"}}},
    {"ColumnDescriptionPersisted",
     {{"The code", "A code"}},
     {{"model.lab.documented", {"persisted_description code"}}},
     {{"model.lab.documented", "persisted_descriptions"}}},
    {"ColumnDescriptionNotPersisted", {{"\"Key\"", "\"The key\""}}, {}, {}},
    {"FileMoved",
     {{R"(["lab", "marts", "orders"])", R"(["lab", "core", "orders"])"}},
     {{"model.lab.orders", {"fqn: lab.marts.orders -> lab.core.orders"}}},
     {}},
    {"MacroChanged",
     {{"outer text", "outer  text"}},
     {{"model.lab.orders", {"macro macro.lab.outer: changed"}}},
     {{"model.lab.orders", "macros"}}},
    {"InnerMacroChanged",
     {{"inner text", "other text"}},
     {{"model.lab.orders",
       {"macro macro.lab.inner via macro.lab.outer > macro.lab.inner: "
        "changed"}}},
     {{"model.lab.orders", "macros"}}},
    {"TestMacroChanged",
     {{"select 0", "select 1 where false"}},
     {{"test.lab.not_null_orders_id.0123456789",
       {"macro macro.dbt.test_not_null: changed"}}},
     {{"test.lab.not_null_orders_id.0123456789", "macros"}}},
    {"UnusedMacroChanged", {{"unused text", "other"}}, {}, {}},
    {"SeedRowAdded",
     {{"c0de", "c1de"}},
     {{"seed.lab.codes", {"body: sha256:c0de -> sha256:c1de"}}},
     {{"seed.lab.codes", "body"}}},
    {"SeverityChanged",
     {{R"({"severity": "error")", R"({"severity": "warn")"}},
     {{"test.lab.not_null_orders_id.0123456789",
       {"config severity: \"error\" -> \"warn\""}}},
     {{"test.lab.not_null_orders_id.0123456789", "configs"}}},
    {"GenericTestBodyAndMetaChanged",
     {{"test_not_null(**kwargs) }}", "test_not_null(**kwargs)}}"},
      {R"({"owner": "qa"})", R"({"owner": "dev"})"}},
     {},
     {{"test.lab.not_null_orders_id.0123456789", "body"}}},
    {"LatestVersionChanged",
     {{R"("version": 1, "latest_version": 1)",
       R"("version": 1, "latest_version": 2)"}},
     {{"model.lab.sales.v1", {"field latest_version: 1 -> 2"}}},
     {}},
    {"LatestVersionOfAnotherJsonType",
     {{R"("version": 1, "latest_version": 1)",
       R"("version": 1, "latest_version": 1.0)"}},
     {},
     {}},
    {"AccessChanged",
     {{R"("access": "protected", "latest_version": null)",
       R"("access": "public", "latest_version": null)"}},
     {{"model.lab.orders", {"field access: protected -> public"}}},
     {}},
    {"DeprecationDateChanged",
     {{"2030-01-01", "2031-01-01"}},
     {{"model.lab.terms",
       {"field deprecation_date: 2030-01-01T00:00:00+00:00 -> "
        "2031-01-01T00:00:00+00:00"}}},
     {}},
    {"ContractedTypeOfAnotherSize",
     {{R"("checksum": "t1")", R"("checksum": "t2")"},
      {"varchar(3)", "VARCHAR(10)"}},
     {{"model.lab.terms", {"contract kind: varchar(3) -> VARCHAR(10)"}}},
     {{"model.lab.terms", "contract"}}},
    {"SourceSchemaChanged",
     {{"raw_{{ target.name }}", "raw"}},
     {{"source.lab.raw.events", {"relation schema: raw_prod -> raw_prod"}}},
     {{"source.lab.raw.events", "relation"}}},
    {"SourceSchemaOfAnotherTarget", {{"raw_prod", "raw_dev"}}, {}, {}},
    {"SourceIdentifierChanged",
     {{R"("identifier": "events")", R"("identifier": "events_v2")"}},
     {{"source.lab.raw.events", {"relation identifier: events -> events_v2"}}},
     {{"source.lab.raw.events", "relation"}}},
    {"SourceFreshnessChanged",
     {{R"("freshness": null)",
       R"("freshness": {"warn_after": {"count": 1, "period": "day"}})"}},
     {{"source.lab.raw.events",
       {R"(field freshness: null -> )"
        R"({"warn_after":{"count":1,"period":"day"}})"}}},
     {}},
    {"SourceDescriptionChanged", {{"Raw events", "Events"}}, {}, {}},
    {"ExposureOwnerChanged",
     {{"Ada", "Grace"}},
     {{"exposure.lab.dashboard",
       {R"(field owner: {"name":"Ada"} -> {"name":"Grace"})"}}},
     {}},
    {"ExposureDependsOnMore",
     {{R"("macros": [], "nodes": ["model.lab.orders"]}}},
"metrics")",
       R"("macros": [], "nodes": ["model.lab.orders",
       "model.lab.terms"]}}},
"metrics")"}},
     {{"exposure.lab.dashboard", {"field depends_on"}}},
     {}},
    {"ExposureDescriptionChanged",
     {{"What sales see", "What all see"}},
     {{"exposure.lab.dashboard", {"field description"}}},
     {}},
    {"MetricLabelChanged",
     {{"\"Revenue\"", "\"Income\""}},
     {{"metric.lab.revenue", {R"(field label: "Revenue" -> "Income")"}}},
     {}},
    {"MetricTypeParamsChanged",
     {{R"({"measure": {"name": "amount"}})", R"({"measure": {"name": "n"}})"}},
     {},
     {}},
    {"SemanticModelMeasureChanged",
     {{R"("agg": "sum")", R"("agg": "max")"}},
     {{"semantic_model.lab.orders",
       {R"(field measures: [{"agg":"sum","name":"amount"}] -> )"
        R"([{"agg":"max","name":"amount"}])"}}},
     {}},
    {"SemanticModelConfigChanged",
     {{R"("group": null, "meta": {}})", R"("group": null, "meta": {"a": 1}})"}},
     {{"semantic_model.lab.orders", {R"(config meta: {} -> {"a":1})"}}},
     {{"semantic_model.lab.orders", "configs"}}},
    {"SemanticModelConfigDefaultsLeftOut",
     {{R"("config": {"enabled": true, "group": null, "meta": {}},)",
       R"("config": {"enabled": true},)"}},
     {},
     {}},
    {"SavedQueryExportChanged",
     {{R"({"export_as": "table"})", R"({"export_as": "view"})"}},
     {{"saved_query.lab.weekly",
       {R"(field exports: ...":{"export_as":"table"}}] -> )"
        R"(...":{"export_as":"view"}}])"}}},
     {}},
    {"SavedQueryGroupingChanged",
     {{R"("group_by": [])", R"("group_by": ["region"])"}},
     {{"saved_query.lab.weekly", {R"(field group_by: [] -> ["region"])"}}},
     {}},
    {"SavedQueryLimitAdded",
     {{R"("group_by": [])", R"("group_by": [], "limit": 5)"}},
     {},
     {}},
    {"SavedQueryTagged",
     {{R"({"enabled": false}}, "tags": [])",
       R"({"enabled": false}}, "tags": ["weekly"])"}},
     {{"saved_query.lab.weekly", {R"(field tags: [] -> ["weekly"])"}}},
     {}},
    {"UnitTestRowChanged",
     {{"\"u1\"", "\"u2\""}},
     {{"unit_test.lab.orders.counts", {"field checksum"}}},
     {}},
    {"UnitTestDescriptionChanged", {{"One in, one out", "Same"}}, {}, {}},
    {"FunctionOverloadChanged",
     {{R"("raw_body": "x + x", "description": "a")",
       R"("raw_body": "2 * x", "description": "a")"}},
     {{"function.lab.double",
       {R"(field overloads: ...ig","raw_body":"x + x"}] -> )"
        R"(...ig","raw_body":"2 * x"}])"}}},
     {}},
    {"FunctionOverloadDescribed",
     {{R"("x + x", "description": "a")", R"("x + x", "description": "b")"}},
     {},
     {}},
    {"FunctionReturnsChanged",
     {{R"("returns": {"data_type": "integer"})",
       R"("returns": {"data_type": "bigint"})"}},
     {{"function.lab.double",
       {R"(field returns: {"data_type":"integer"} -> )"
        R"({"data_type":"bigint"})"}}},
     {}},
};

class MutationTest : public testing::TestWithParam<Mutation> {};

TEST_P(MutationTest, HasDbtsAnswerAndItsCauses) {
  const auto comparison = Compare({}, GetParam().edits);
  EXPECT_EQ(ModifiedOf(*comparison), GetParam().modified);
  EXPECT_EQ(SubSelectorsOf(*comparison), GetParam().sub_selectors);
  for (NodeId id = 0; id < comparison->current().node_count(); ++id) {
    EXPECT_NE(comparison->Matches(id, StateValue::kModified),
              comparison->Matches(id, StateValue::kUnmodified));
    EXPECT_TRUE(comparison->Matches(id, StateValue::kOld));
    EXPECT_FALSE(comparison->Matches(id, StateValue::kNew));
  }
  EXPECT_TRUE(comparison->removed().empty());
}

INSTANTIATE_TEST_SUITE_P(StateComparison, MutationTest,
                         testing::ValuesIn(kMutations),
                         [](const auto& info) { return info.param.name; });

// ---- Two changes at once: the causes of each, and no others. ----

// Where an edit's text stands in the unchanged project.
std::pair<size_t, size_t> PlaceOf(
    const std::pair<std::string, std::string>& e) {
  const size_t at = TestManifestJson().find(e.first);
  return {at, at + e.first.size()};
}

bool AreApart(const Mutation& a, const Mutation& b) {
  for (const auto& x : a.edits) {
    for (const auto& y : b.edits) {
      const auto [x_begin, x_end] = PlaceOf(x);
      const auto [y_begin, y_end] = PlaceOf(y);
      if (x_begin < y_end && y_begin < x_end) return false;
    }
  }
  return true;
}

// Node -> its causes without their details, which may speak of both changes.
std::map<std::string, std::set<std::string>> KindsOf(
    const std::map<std::string, Texts>& modified) {
  std::map<std::string, std::set<std::string>> kinds;
  for (const auto& [unique_id, causes] : modified) {
    for (const std::string& cause : causes) {
      kinds[unique_id].insert(cause.substr(0, cause.find(": ")));
    }
  }
  return kinds;
}

TEST(StateComparisonTest, TwoChangesHaveTheCausesOfBoth) {
  int pairs = 0;
  for (const Mutation& a : kMutations) {
    for (const Mutation& b : kMutations) {
      if (&b <= &a || !AreApart(a, b)) continue;
      Edits edits = a.edits;
      edits.insert(edits.end(), b.edits.begin(), b.edits.end());
      auto expected = KindsOf(a.modified);
      for (auto& [unique_id, kinds] : KindsOf(b.modified)) {
        expected[unique_id].merge(kinds);
      }
      EXPECT_EQ(KindsOf(ModifiedOf(*Compare({}, edits))), expected)
          << a.name << " and " << b.name;
      ++pairs;
    }
  }
  EXPECT_GT(pairs, 800);
}

// ---- New and removed nodes. ----

TEST(StateComparisonTest, NewNodesCountByTheirType) {
  const Edits without = {
      {R"("nodes": {
  "model.lab.orders": {)",
       R"("nodes": {
  "model.x": {)"},
      {R"("unique_id": "model.lab.orders")", R"("unique_id": "model.x")"},
      {R"("source.lab.raw.events": {)", R"("source.x.y.z": {)"},
      {R"("unique_id": "source.lab.raw.events")",
       R"("unique_id": "source.x.y.z")"}};
  const auto comparison = Compare(without, {});
  const NodeId model = IdOf(*comparison, "model.lab.orders");
  EXPECT_TRUE(comparison->Matches(model, StateValue::kNew));
  EXPECT_TRUE(comparison->Matches(model, StateValue::kModified));
  // To dbt a new source is not modified.
  const NodeId source = IdOf(*comparison, "source.lab.raw.events");
  EXPECT_TRUE(comparison->Matches(source, StateValue::kNew));
  EXPECT_TRUE(comparison->Matches(source, StateValue::kUnmodified));
  EXPECT_FALSE(comparison->Matches(source, StateValue::kModified));
  EXPECT_EQ(CausesOf(*comparison, source), Texts{"new"});
  const auto sub_selectors = SubSelectorsOf(*comparison);
  EXPECT_EQ(sub_selectors.at("model.lab.orders"),
            "body configs persisted_descriptions relation contract");
  EXPECT_EQ(sub_selectors.at("source.lab.raw.events"), "configs relation");
  EXPECT_FALSE(comparison->Counterpart(model).has_value());
  ASSERT_EQ(comparison->removed().size(), 2u);
  EXPECT_EQ(comparison->older().node(comparison->removed()[0]).unique_id,
            "model.x");
}

// ---- Macros. ----

TEST(StateComparisonTest, AddedMacrosCountAndRemovedOnesAreMissedByNobody) {
  const Edits without_inner = {{R"("macro.lab.inner": {
    "unique_id": "macro.lab.inner")",
                                R"("macro.lab.zzz": {
    "unique_id": "macro.lab.zzz")"}};
  const auto comparison = Compare(without_inner, {});
  EXPECT_EQ(CausesOf(*comparison, IdOf(*comparison, "model.lab.orders")),
            Texts{"macro macro.lab.inner via macro.lab.outer > "
                  "macro.lab.inner: added"});
}

TEST(StateComparisonTest, NullMacroIsAnErrorOnceAnyMacroChanged) {
  const Edits null_macro = {{R"(["macro.dbt.test_not_null"])", "[null]"}};
  EXPECT_TRUE(Compare({}, null_macro)->ErrorFor(StateValue::kModified).ok());
  Edits changed = null_macro;
  changed.emplace_back("unused text", "other");
  const auto comparison = Compare({}, changed);
  for (StateValue value : {StateValue::kModified, StateValue::kUnmodified,
                           StateValue::kModifiedMacros}) {
    EXPECT_EQ(GetReason(comparison->ErrorFor(value)), Reason::kManifestBroken);
  }
  EXPECT_TRUE(comparison->ErrorFor(StateValue::kModifiedBody).ok());
}

// ---- Seeds. ----

TEST(StateComparisonTest, LargeSeedsAreKnownByTheirPathAlone) {
  const auto same = Compare({}, {});
  for (StateValue value : {StateValue::kModified, StateValue::kUnmodified,
                           StateValue::kModifiedBody}) {
    EXPECT_EQ(WarningsOf(*same, value), Texts{"SeedExceedsLimitSamePath"});
  }
  EXPECT_TRUE(same->WarningsFor(StateValue::kModifiedConfigs).empty());
  EXPECT_EQ(same->WarningsFor(StateValue::kModified)[0].message,
            "Found a seed (lab.large) >1MiB in size at the same path, dbt "
            "cannot tell if it has changed: assuming they are the same");

  const auto moved = Compare(
      {{R"("checksum": "seeds/large.csv")", R"("checksum": "seeds/old.csv")"}},
      {});
  EXPECT_EQ(WarningsOf(*moved, StateValue::kModified),
            Texts{"SeedExceedsLimitAndPathChanged"});
  EXPECT_EQ(ModifiedOf(*moved).count("seed.lab.large"), 1u);

  const auto grown =
      Compare({{R"({"name": "path", "checksum": "seeds/large.csv"})",
                R"({"name": "sha256", "checksum": "1234"})"}},
              {});
  EXPECT_EQ(WarningsOf(*grown, StateValue::kModified), Texts{"SeedIncreased"});
  EXPECT_EQ(ModifiedOf(*grown).count("seed.lab.large"), 1u);

  const auto shrunk =
      Compare({}, {{R"({"name": "path", "checksum": "seeds/large.csv"})",
                    R"({"name": "sha256", "checksum": "1234"})"}});
  EXPECT_TRUE(WarningsOf(*shrunk, StateValue::kModified).empty());
  EXPECT_EQ(ModifiedOf(*shrunk).count("seed.lab.large"), 1u);
}

TEST(StateComparisonTest, UnknownChecksumsAreNeverEqual) {
  const Edits none = {{R"({"name": "sha256", "checksum": "c0de"})",
                       R"({"name": "none", "checksum": ""})"}};
  EXPECT_EQ(ModifiedOf(*Compare(none, none)).count("seed.lab.codes"), 1u);
}

// ---- Flags and other versions. ----

TEST(StateComparisonTest, WithTheFlagOffSourcesCompareByFinalNames) {
  CompareOptions off;
  off.compare_more_unrendered_values = false;
  const auto comparison = Compare({}, {{"raw_prod", "raw_dev"}}, off);
  EXPECT_EQ(CausesOf(*comparison, IdOf(*comparison, "source.lab.raw.events")),
            Texts{"relation schema: raw_prod -> raw_dev"});
}

TEST(StateComparisonTest, ConfigCallsOfAnotherDbtAreReadAnew) {
  // dbt 1.11 kept jinja2's own print of a syntax tree.
  const Edits older = {
      {"\"dbt_version\": \"1.12.6\"", "\"dbt_version\": \"1.11.2\""},
      {"config(materialized='table')", "config(materialized=env_var('M'))"},
      {R"("unrendered_config": {"materialized": "table", "tags")",
       R"j("unrendered_config": {"materialized": "Keyword(key='materialized')",
          "tags")j"}};
  const Edits current = {
      {"config(materialized='table')", "config(materialized=env_var('M'))"},
      {R"("unrendered_config": {"materialized": "table", "tags")",
       R"j("unrendered_config": {"materialized": "env_var('M')", "tags")j"}};
  EXPECT_EQ(ModifiedOf(*Compare(older, current)).count("model.lab.orders"), 0u);
  CompareOptions off;
  off.compare_more_unrendered_values = false;
  EXPECT_EQ(ModifiedOf(*Compare(older, current, off)).count("model.lab.orders"),
            1u);
}

TEST(StateComparisonTest, MetricsUpToV9AreAnotherThing) {
  const auto comparison =
      Compare({{"dbt/manifest/v12.json", "dbt/manifest/v9.json"}}, {});
  const NodeId metric = IdOf(*comparison, "metric.lab.revenue");
  EXPECT_TRUE(comparison->Matches(metric, StateValue::kNew));
}

TEST(StateValueTest, NamesAreDbts) {
  for (size_t i = 0; i < kStateValueCount; ++i) {
    const auto value = static_cast<StateValue>(i);
    EXPECT_EQ(StateValueFromName(StateValueName(value)), value);
  }
  EXPECT_FALSE(StateValueFromName("MODIFIED").has_value());
  EXPECT_FALSE(StateValueFromName("modified.vars").has_value());
}

}  // namespace
}  // namespace doppel::state

#include "service/deferral/state_manifest.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "service/base/error.h"
#include "service/deferral/node_upgrade.h"
#include "service/deferral/test_manifest.h"

namespace doppel::deferral {
namespace {

using Texts = std::vector<std::string>;

std::vector<TestNode> Project() {
  return {
      {.unique_id = "model.shop.mart", .parents = {"model.shop.stg"}},
      {.unique_id = "model.shop.stg", .parents = {"source.shop.raw.orders"}},
      {.unique_id = "test.shop.check",
       .parents = {"model.shop.stg"},
       .materialized = "test"},
      {.unique_id = "source.shop.raw.orders", .schema = "landing"}};
}

DeferSource SourceIn(const std::string& schema,
                     const std::vector<TestNode>& nodes = Project(),
                     int version = 12) {
  TestManifestOptions options;
  options.schema = schema;
  options.version = version;
  return {schema, MakeTestManifest(nodes, options), {}};
}

// The spliced manifest, read again.
std::shared_ptr<const manifest::Manifest> Splice(
    const std::vector<DeferSource>& sources) {
  const auto spliced = SpliceStateManifest(sources);
  EXPECT_TRUE(spliced.ok()) << spliced.status();
  return ParseTestManifest(*spliced);
}

// Each node as "<unique id> <schema>".
Texts NodesIn(const manifest::Manifest& manifest) {
  Texts texts;
  for (const manifest::Node& node : manifest.nodes()) {
    texts.push_back(absl::StrCat(node.unique_id, " ", node.schema));
  }
  return texts;
}

TEST(SpliceTest, OneSourceThatServesAllIsItself) {
  const DeferSource prod = SourceIn("prod");
  const DeferSource also[] = {prod, SourceIn("staging")};
  EXPECT_EQ(*SpliceStateManifest(also), prod.manifest->text().view());
}

TEST(SpliceTest, EachNodeComesFromTheFirstSourceThatMayServeIt) {
  DeferSource staging = SourceIn("staging");
  staging.serves = NodesOf(*staging.manifest, {"model.shop.stg"});
  const auto spliced = Splice({staging, SourceIn("prod")});
  // Tests and source definitions are those of the first source.
  EXPECT_EQ(
      NodesIn(*spliced),
      (Texts{"model.shop.mart prod", "model.shop.stg staging",
             "source.shop.raw.orders landing", "test.shop.check staging"}));
  const auto mart = spliced->Find("model.shop.mart");
  EXPECT_EQ(spliced->parents(*mart).size(), 1u);
}

TEST(SpliceTest, NodesThatNoneMayServeAreLeftOut) {
  DeferSource staging = SourceIn("staging");
  staging.serves = NodesOf(*staging.manifest, {"model.shop.stg"});
  EXPECT_EQ(NodesIn(*Splice({staging})),
            (Texts{"model.shop.stg staging", "source.shop.raw.orders landing",
                   "test.shop.check staging"}));
}

TEST(SpliceTest, NodesOfLaterSourcesAreAdded) {
  std::vector<TestNode> more = Project();
  more.push_back({.unique_id = "model.shop.only_prod"});
  more.push_back({.unique_id = "function.shop.f"});
  const auto spliced = Splice({SourceIn("staging"), SourceIn("prod", more)});
  const auto added = spliced->Find("model.shop.only_prod");
  ASSERT_TRUE(added.has_value());
  EXPECT_EQ(spliced->node(*added).schema, "prod");
  EXPECT_TRUE(spliced->Find("function.shop.f").has_value());
}

TEST(SpliceTest, AnEphemeralModelGivesWayToARelation) {
  std::vector<TestNode> ephemeral = Project();
  ephemeral[1].materialized = "ephemeral";
  const auto spliced =
      Splice({SourceIn("staging", ephemeral), SourceIn("prod")});
  EXPECT_EQ(spliced->node(*spliced->Find("model.shop.stg")).schema, "prod");
  const auto alone = Splice({SourceIn("staging", ephemeral)});
  EXPECT_TRUE(alone->Find("model.shop.stg").has_value());
}

TEST(SpliceTest, WritesTheMapsOfParentsAndChildrenAnew) {
  DeferSource staging = SourceIn("staging");
  staging.serves = NodesOf(*staging.manifest, {"model.shop.stg"});
  const DeferSource sources[] = {staging, SourceIn("prod")};
  const std::string json = *SpliceStateManifest(sources);
  EXPECT_TRUE(absl::StrContains(
      json, "\"parent_map\":{\"model.shop.mart\":[\"model.shop.stg\"],"));
  EXPECT_TRUE(absl::StrContains(
      json,
      "\"child_map\":{\"model.shop.mart\":[],\"model.shop.stg\":"
      "[\"model.shop.mart\",\"test.shop.check\"],"));
}

TEST(SpliceTest, NodesOfOlderManifestsAreUpgradedUnderANewHead) {
  DeferSource staging = SourceIn("staging");
  staging.serves = NodesOf(*staging.manifest, {"model.shop.mart"});
  const DeferSource sources[] = {staging, SourceIn("prod", Project(), 6)};
  const std::string json = *SpliceStateManifest(sources);
  EXPECT_TRUE(absl::StrContains(json, "manifest/v12.json"));
  EXPECT_FALSE(absl::StrContains(json, "raw_sql"));
  EXPECT_EQ(NodesIn(*ParseTestManifest(json))[1], "model.shop.stg prod");
}

TEST(SpliceTest, ABaseThatDbtRefusesIsWrittenAsTheNewestVersion) {
  const auto spliced = Splice({SourceIn("old", Project(), 2)});
  EXPECT_EQ(spliced->metadata().schema_version, 12);
  EXPECT_EQ(NodesIn(*spliced),
            (Texts{"model.shop.mart old", "model.shop.stg old",
                   "test.shop.check old"}));
}

TEST(SpliceTest, NeedsASource) {
  EXPECT_EQ(GetReason(SpliceStateManifest({}).status()),
            Reason::kInvalidArgument);
}

std::string Upgraded(absl::string_view object, manifest::ResourceType type) {
  std::string out;
  const absl::Status status = AppendUpgradedNode(object, type, &out);
  EXPECT_TRUE(status.ok()) << status;
  return out;
}

TEST(UpgradeTest, RenamesAndReshapes) {
  EXPECT_EQ(
      Upgraded(
          R"({ "name" : "a", "raw_sql": "select {\"x\"}", "root_path": "/",)"
          R"( "refs": [["a"], ["pkg", "b"], {"name": "c"}],)"
          R"( "compiled_sql": null, "config": {"tags": ["x" , "y"] } })",
          manifest::ResourceType::kModel),
      R"({"name":"a","raw_code":"select {\"x\"}",)"
      R"("refs":[{"name":"a","package":null,"version":null},)"
      R"({"name":"b","package":"pkg","version":null},{"name": "c"}],)"
      R"("compiled_code":null,"config":{"tags": ["x" , "y"] }})");
}

TEST(UpgradeTest, SeedsLoseWhatModelsHave) {
  EXPECT_EQ(Upgraded(R"({"name":"a","refs":[],"raw_sql":"","root_path":"/r",)"
                     R"("compiled":true,"relation_name":"x"})",
                     manifest::ResourceType::kSeed),
            R"({"name":"a","root_path":"/r","relation_name":"x"})");
}

TEST(UpgradeTest, RefusesWhatIsNoObject) {
  std::string out;
  EXPECT_EQ(GetReason(AppendUpgradedNode("[1]", manifest::ResourceType::kModel,
                                         &out)),
            Reason::kManifestBroken);
}

}  // namespace
}  // namespace doppel::deferral

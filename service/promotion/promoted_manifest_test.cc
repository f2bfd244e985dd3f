#include "service/promotion/promoted_manifest.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "service/deferral/test_manifest.h"
#include "service/manifest/relation_of.h"
#include "service/promotion/json_members.h"
#include "service/promotion/places.h"

namespace doppel::promotion {
namespace {

using deferral::TestManifestOptions;

std::shared_ptr<const manifest::Manifest> Promoted(
    const std::vector<std::string>& selected) {
  TestManifestOptions options;
  options.schema = "blue";
  const auto from = deferral::MakeTestManifest(
      {{.unique_id = "model.shop.stg",
        .more = R"("relation_name":"\"db\".\"blue\".\"stg\"")"},
       {.unique_id = "model.shop.mart",
        .parents = {"model.shop.stg"},
        .more = R"("relation_name":"\"db\".\"blue\".\"mart\"",)"
                R"("compiled_code":"select 1 from \"db\".\"blue\".\"stg\"")"},
       {.unique_id = "test.shop.check", .materialized = "test"}},
      options);
  options.schema = "prod";
  const auto to = deferral::MakeTestManifest(
      {{.unique_id = "model.shop.stg",
        .more = R"("relation_name":"\"db\".\"prod\".\"stg\"")"},
       {.unique_id = "model.shop.gone"}},
      options);
  const std::vector<Place> places = PlacesOf(*from, *to, "");
  const auto nodes = deferral::NodesOf(*from, selected);
  PromotedManifestInputs inputs;
  inputs.from = from;
  inputs.to = to;
  inputs.places = places;
  inputs.selected = nodes;
  inputs.dialect = *dialect::FindDialect("duckdb");
  const auto bytes = PromotedManifest(inputs);
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return bytes.ok() ? deferral::ParseTestManifest(*bytes) : nullptr;
}

const manifest::Node& NodeOf(const manifest::Manifest& manifest,
                             const std::string& id) {
  return manifest.node(manifest.Find(id).value());
}

TEST(PromotedManifestTest, HasTheBuildAtItsNewPlaces) {
  const auto manifest = Promoted({"model.shop.stg", "model.shop.mart"});

  ASSERT_NE(manifest, nullptr);
  EXPECT_FALSE(manifest->Find("model.shop.gone").has_value());
  EXPECT_TRUE(manifest->Find("test.shop.check").has_value());
  const manifest::Node& mart = NodeOf(*manifest, "model.shop.mart");
  EXPECT_EQ(manifest::RelationOf(mart), (RelationName{"db", "prod", "mart"}));
  EXPECT_EQ(mart.relation_name, "\"db\".\"prod\".\"mart\"");
  const std::string text(manifest->text().at(mart.text));
  EXPECT_NE(text.find(R"(from \"db\".\"prod\".\"stg\")"), std::string::npos);
  EXPECT_EQ(text.find("blue"), std::string::npos);
}

TEST(PromotedManifestTest, KeepsTheRestOfThePlaceWhereAPartIsPromoted) {
  const auto manifest = Promoted({"model.shop.mart"});

  ASSERT_NE(manifest, nullptr);
  EXPECT_TRUE(manifest->Find("model.shop.gone").has_value());
  EXPECT_FALSE(manifest->Find("test.shop.check").has_value());
  EXPECT_EQ(manifest::RelationOf(NodeOf(*manifest, "model.shop.mart")),
            (RelationName{"db", "prod", "mart"}));
}

TEST(WithMembersTest, ReplacesValuesOfTheObjectItself) {
  EXPECT_EQ(
      WithMembers(R"({"a" : {"b":[1,"}"],"s":"x"}, "s":"y\"", "n":null,"z":1})",
                  {{"s", "\"new\""}, {"n", "7"}, {"absent", "0"}}),
      R"({"a" : {"b":[1,"}"],"s":"x"}, "s":"new", "n":7,"z":1})");
  EXPECT_EQ(WithMembers("{}", {{"s", "1"}}), "{}");
}

}  // namespace
}  // namespace doppel::promotion

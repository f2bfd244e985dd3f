#include "service/manifest/parse.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/manifest/test_manifest.h"

namespace doppel::manifest {
namespace {

std::vector<std::string> Names(const Manifest& manifest,
                               std::span<const NodeId> ids) {
  std::vector<std::string> names;
  for (NodeId id : ids) names.emplace_back(manifest.node(id).unique_id);
  return names;
}

class EveryVersionTest : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    manifest_ = MustParse(SmallManifest(GetParam()));
    ASSERT_NE(manifest_, nullptr);
  }

  std::shared_ptr<const Manifest> manifest_;
};

TEST_P(EveryVersionTest, ReadsMetadata) {
  const Metadata& metadata = manifest_->metadata();
  EXPECT_EQ(metadata.schema_version, GetParam());
  EXPECT_EQ(metadata.dbt_version, "1.2.3");
  EXPECT_EQ(metadata.adapter_type, "duckdb");
  EXPECT_EQ(metadata.generated_at, "2024-05-06T07:08:09.000000Z");
  EXPECT_EQ(manifest_->digest(), "digest");
}

TEST_P(EveryVersionTest, NumbersNodesInTheOrderOfTheirIds) {
  std::vector<std::string> names;
  for (const Node& node : manifest_->nodes()) {
    names.emplace_back(node.unique_id);
  }
  std::vector<std::string> expected = {
      "exposure.shop.board",    "model.shop.orders",
      "model.shop.stg",         "seed.shop.codes",
      "source.shop.raw.orders", "test.shop.unique_orders_id.0123456789"};
  // dbt drops the metrics of v9 and earlier.
  if (GetParam() >= 10)
    expected.insert(expected.begin() + 1, "metric.shop.revenue");
  EXPECT_EQ(names, expected);
  EXPECT_FALSE(manifest_->Find("model.shop.old").has_value());
  EXPECT_TRUE(manifest_->IsDisabled("model.shop.old"));
  EXPECT_TRUE(manifest_->dangling().empty());
}

TEST_P(EveryVersionTest, ReadsAModel) {
  const Node& orders = NodeOf(*manifest_, "model.shop.orders");
  EXPECT_EQ(orders.type, ResourceType::kModel);
  EXPECT_EQ(orders.name, "orders");
  EXPECT_EQ(orders.identifier, "orders_v");
  EXPECT_EQ(orders.database, "db");
  EXPECT_EQ(orders.schema, "prod");
  EXPECT_FALSE(orders.relation_name.has_value());
  EXPECT_EQ(orders.original_file_path, "models/marts/orders.sql");
  EXPECT_EQ(orders.patch_path, "shop://models/marts/orders.yml");
  EXPECT_EQ(
      std::vector<absl::string_view>(orders.fqn.begin(), orders.fqn.end()),
      (std::vector<absl::string_view>{"shop", "marts", "orders"}));
  EXPECT_EQ(orders.tags.size(), 2u);
  EXPECT_EQ(orders.materialized, "table");
  EXPECT_TRUE(orders.enabled);
  EXPECT_EQ(orders.access, "protected");
  EXPECT_FALSE(orders.is_external);
  EXPECT_FALSE(orders.body_is_blank);
  EXPECT_EQ(orders.body, FingerprintOf("select 1 as id\n-- na\xc3\xafve"));
  EXPECT_EQ(orders.description, FingerprintOf("All orders"));
}

TEST_P(EveryVersionTest, ReadsSeedTestSourceAndMacro) {
  const Node& seed = NodeOf(*manifest_, "seed.shop.codes");
  EXPECT_EQ(seed.checksum_name, "sha256");
  EXPECT_EQ(seed.checksum, "abc");
  EXPECT_TRUE(seed.body_is_blank);
  const Node& test =
      NodeOf(*manifest_, "test.shop.unique_orders_id.0123456789");
  EXPECT_TRUE(test.is_generic_test);
  EXPECT_EQ(test.test_name, "unique");
  EXPECT_TRUE(test.has_null_macro);
  const Node& source = NodeOf(*manifest_, "source.shop.raw.orders");
  EXPECT_EQ(source.source_name, "raw");
  EXPECT_EQ(source.identifier, "ORDERS");
  EXPECT_FALSE(source.database.has_value());
  EXPECT_EQ(source.relation_name, "landing.ORDERS");
  ASSERT_EQ(source.facets.size(), 2u);
  EXPECT_EQ(source.facets[0].field, "freshness");
  EXPECT_EQ(source.facets[1].field, "loaded_at_field");
  const MacroId macro = *manifest_->FindMacro("macro.shop.cents");
  EXPECT_EQ(manifest_->macro(macro).package_name, "shop");
  EXPECT_EQ(manifest_->macro(macro).body,
            FingerprintOf("{% macro cents() %}100{% endmacro %}"));
  EXPECT_TRUE(manifest_->macro(macro).macros.empty());
}

TEST_P(EveryVersionTest, ReadsEdges) {
  const Manifest& m = *manifest_;
  const NodeId orders = *m.Find("model.shop.orders");
  EXPECT_EQ(Names(m, m.parents(orders)),
            std::vector<std::string>{"model.shop.stg"});
  std::vector<std::string> children = {"exposure.shop.board",
                                       "test.shop.unique_orders_id.0123456789"};
  if (GetParam() >= 10)
    children.insert(children.begin() + 1, "metric.shop.revenue");
  EXPECT_EQ(Names(m, m.children(orders)), children);
  std::vector<size_t> place(m.node_count());
  ASSERT_EQ(m.topological_order().size(), m.node_count());
  for (size_t i = 0; i < m.node_count(); ++i) {
    place[m.topological_order()[i]] = i;
  }
  for (NodeId id = 0; id < m.node_count(); ++id) {
    for (NodeId parent : m.parents(id)) EXPECT_LT(place[parent], place[id]);
  }
  ASSERT_EQ(m.node(orders).macros.size(), 1u);
  EXPECT_EQ(m.macro(m.node(orders).macros[0]).unique_id, "macro.shop.cents");
}

TEST_P(EveryVersionTest, KeepsPlacesInTheText) {
  const Node& orders = NodeOf(*manifest_, "model.shop.orders");
  EXPECT_EQ(manifest_->text().at(orders.columns),
            R"({"id": {"name": "id", "description": "Key"}})");
  const absl::string_view text = manifest_->text().at(orders.text);
  EXPECT_EQ(text.substr(0, 1), "{");
  EXPECT_EQ(text.substr(text.size() - 2), "}}");
  EXPECT_TRUE(orders.constraints.empty());
  EXPECT_EQ(manifest_->text().at(manifest_->section("selectors")),
            R"({"nightly": {"definition": "tag:daily"}})");
  EXPECT_EQ(manifest_->text().at(manifest_->section("docs")), "{}");
  EXPECT_TRUE(manifest_->section("no_such").empty());
  ASSERT_NE(manifest_->selectors(), nullptr);
  EXPECT_NE(manifest_->selectors()->Find("nightly"), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Versions, EveryVersionTest, testing::Range(1, 13));

TEST(ParseManifestTest, KeepsTheRelationNameOfASeedOfV8) {
  const auto m = MustParse(ManifestOf(R"({"seed.a.s": {
      "resource_type": "seed", "relation_name": "db.s"}})"));
  EXPECT_EQ(NodeOf(*m, "seed.a.s").relation_name, "db.s");
}

TEST(ParseManifestTest, EscapesMakeNoDifference) {
  const auto escaped = MustParse(ManifestOf(
      R"({"model.a.caf\u00e9": {"raw_code": "\u00e9\ud83d\ude00\t\/"}})"));
  const auto plain =
      MustParse(ManifestOf("{\"model.a.caf\xc3\xa9\": {\"raw_code\": "
                           "\"\xc3\xa9\xf0\x9f\x98\x80\\t/\"}}"));
  ASSERT_TRUE(escaped->Find("model.a.caf\xc3\xa9").has_value());
  EXPECT_EQ(escaped->node(0).body, plain->node(0).body);
  EXPECT_EQ(escaped->node(0).unique_id, plain->node(0).unique_id);
}

TEST(ParseManifestTest, TakesUnknownAndMissingTypes) {
  const auto m = MustParse(ManifestOf(R"({
      "rpc.a.x": {"resource_type": "rpc"},
      "snapshot.a.y": {},
      "model.a.z": {"resource_type": null, "config": null, "tags": null,
                    "fqn": null, "depends_on": null, "columns": null}})"));
  EXPECT_EQ(NodeOf(*m, "rpc.a.x").type, ResourceType::kUnknown);
  EXPECT_EQ(NodeOf(*m, "snapshot.a.y").type, ResourceType::kSnapshot);
  EXPECT_EQ(NodeOf(*m, "model.a.z").type, ResourceType::kModel);
  EXPECT_EQ(NodeOf(*m, "model.a.z").config, nullptr);
  EXPECT_TRUE(NodeOf(*m, "model.a.z").columns.empty());
}

TEST(ParseManifestTest, ReadsVersionsOfEveryType) {
  const auto m = MustParse(ManifestOf(R"({
      "model.a.x.v1": {"version": 1, "latest_version": 2.5, "access": "public",
        "deprecation_date": "2030-01-01T00:00:00",
        "contract": {"enforced": true, "checksum": "c"}},
      "model.a.x.v2": {"version": "two", "latest_version": null}})"));
  const Node& one = NodeOf(*m, "model.a.x.v1");
  EXPECT_EQ(one.version->integer_value(), 1);
  EXPECT_EQ(one.latest_version->double_value(), 2.5);
  EXPECT_EQ(one.access, "public");
  EXPECT_EQ(one.deprecation_date, "2030-01-01T00:00:00");
  EXPECT_TRUE(one.contract_enforced);
  EXPECT_EQ(one.contract_checksum, "c");
  const Node& two = NodeOf(*m, "model.a.x.v2");
  EXPECT_EQ(two.version->string_value(), "two");
  EXPECT_EQ(two.latest_version, nullptr);
}

TEST(ParseManifestTest, ExternalModelsHaveNoPath) {
  const auto m = MustParse(ManifestOf(R"({
      "model.b.x": {"path": "", "original_file_path": ""},
      "model.a.y": {"path": "y.sql", "original_file_path": "models/y.sql"}})"));
  EXPECT_TRUE(NodeOf(*m, "model.b.x").is_external);
  EXPECT_FALSE(NodeOf(*m, "model.a.y").is_external);
}

TEST(ParseManifestTest, TagsMayBeOneStringAndUnitTestsHaveThemInConfig) {
  const auto m = MustParse(
      ManifestOf(R"({"model.a.x": {"tags": "solo"}})",
                 R"("unit_tests": {"unit_test.a.x.t": {"checksum": "sum",
           "config": {"tags": "fast"}},
         "unit_test.a.x.u": {"checksum": null,
           "config": {"tags": ["slow", "big"]}}})"));
  ASSERT_EQ(NodeOf(*m, "model.a.x").tags.size(), 1u);
  EXPECT_EQ(NodeOf(*m, "model.a.x").tags[0], "solo");
  EXPECT_EQ(NodeOf(*m, "unit_test.a.x.t").checksum, "sum");
  EXPECT_EQ(NodeOf(*m, "unit_test.a.x.t").tags[0], "fast");
  EXPECT_EQ(NodeOf(*m, "unit_test.a.x.u").tags.size(), 2u);
}

TEST(ParseManifestTest, OfTwoEqualKeysTheLastCounts) {
  const auto m = MustParse(ManifestOf(R"({
      "model.a.x": {"name": "first"},
      "model.a.x": {"name": "second", "name": "third"}})"));
  ASSERT_EQ(m->node_count(), 1u);
  EXPECT_EQ(m->node(0).name, "third");
}

TEST(ParseManifestTest, NamesDanglingEntries) {
  std::string parents;
  for (int i = 0; i < 150; ++i) {
    absl::StrAppend(&parents, i == 0 ? "" : ", ", "\"model.a.gone", i, "\"");
  }
  const auto m = MustParse(ManifestOf(absl::StrCat(
      R"({"model.a.x": {"depends_on": {"nodes": [)", parents, "]}}}")));
  ASSERT_EQ(m->dangling().size(), 100u);
  EXPECT_EQ(m->dangling()[0], "model.a.x -> model.a.gone0");
  EXPECT_TRUE(m->parents(0).empty());
}

TEST(ParseManifestTest, ReadsAByteOrderMark) {
  const auto m = MustParse(absl::StrCat("\xef\xbb\xbf", SmallManifest(12)));
  ASSERT_NE(m, nullptr);
  EXPECT_EQ(m->text().at(m->section("docs")), "{}");
}

TEST(ParseManifestTest, MetadataMayComeLast) {
  const std::string text = SmallManifest(5);
  const size_t end = text.find("\"nodes\"");
  const size_t begin = text.find("\"metadata\"");
  const std::string metadata = text.substr(begin, text.rfind(',', end) - begin);
  const std::string moved = absl::StrCat(
      "{", text.substr(end, text.rfind('}') - end), ", ", metadata, "}");
  const auto m = MustParse(moved);
  ASSERT_NE(m, nullptr);
  EXPECT_EQ(m->metadata().schema_version, 5);
  EXPECT_FALSE(m->Find("metric.shop.revenue").has_value());
}

TEST(ParseManifestTest, ReadsQuoting) {
  const auto m = MustParse(
      R"({"metadata": {"quoting": {"database": true, "schema": false,
          "identifier": null, "column": null}, "project_name": "shop",
          "dbt_schema_version":
            "https://schemas.getdbt.com/dbt/manifest/v12.json"},
          "nodes": {}})");
  EXPECT_EQ(m->metadata().quoting.database, true);
  EXPECT_EQ(m->metadata().quoting.schema, false);
  EXPECT_FALSE(m->metadata().quoting.identifier.has_value());
  EXPECT_EQ(m->metadata().project_name, "shop");
  EXPECT_EQ(m->node_count(), 0u);
}

TEST(ParseTest, IdsHaveTheFingerprintsOfTheirTexts) {
  const auto manifest = MustParse(SmallManifest(12));
  ASSERT_EQ(manifest->id_fingerprints().size(), manifest->node_count());
  for (NodeId id = 0; id < manifest->node_count(); ++id) {
    EXPECT_EQ(manifest->id_fingerprints()[id],
              FingerprintOf(manifest->node(id).unique_id));
  }
}

}  // namespace
}  // namespace doppel::manifest

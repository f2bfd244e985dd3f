#include "service/manifest/parse.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "service/base/error.h"

namespace doppel::manifest {
namespace {

std::shared_ptr<const Manifest> Parse(absl::string_view json) {
  auto manifest = ParseManifest(Text::Copy(json), "digest");
  EXPECT_TRUE(manifest.ok()) << manifest.status();
  return manifest.ok() ? *manifest : nullptr;
}

constexpr absl::string_view kSmall = R"json({
  "metadata": {
    "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
    "dbt_version": "1.12.6", "project_name": "shop",
    "quoting": {"database": true, "schema": false, "identifier": null}},
  "nodes": {
    "model.shop.orders": {
      "resource_type": "model", "name": "orders", "package_name": "shop",
      "alias": "orders_v", "database": "db", "schema": "prod",
      "relation_name": "\"db\".\"prod\".\"orders_v\"",
      "fqn": ["shop", "marts", "orders"], "tags": ["daily"],
      "raw_code": "select 1\n", "path": "marts/orders.sql",
      "config": {"materialized": "table", "enabled": true},
      "depends_on": {"macros": ["macro.shop.cents", null],
        "nodes": ["model.shop.stg", "source.shop.raw.orders"]}},
    "model.shop.stg": {
      "resource_type": "model", "name": "stg", "config": {},
      "depends_on": {"nodes": ["source.shop.raw.orders", "model.shop.gone"]}}},
  "sources": {
    "source.shop.raw.orders": {"name": "orders", "source_name": "raw",
      "database": null, "schema": "raw", "identifier": "ORDERS"}},
  "macros": {
    "macro.shop.cents": {"package_name": "shop", "macro_sql": "{{ 1 }}",
      "depends_on": {"macros": []}}},
  "disabled": {"model.shop.old": [{"unique_id": "model.shop.old"}]}
})json";

TEST(ParseManifestTest, ReadsTheGraph) {
  const auto m = Parse(kSmall);
  ASSERT_NE(m, nullptr);
  EXPECT_EQ(m->metadata().schema_version, 12);
  EXPECT_EQ(m->metadata().project_name, "shop");
  ASSERT_EQ(m->node_count(), 3u);
  const Node& orders = m->node(*m->Find("model.shop.orders"));
  EXPECT_EQ(orders.identifier, "orders_v");
  EXPECT_EQ(orders.relation_name, "\"db\".\"prod\".\"orders_v\"");
  EXPECT_EQ(orders.materialized, "table");
  EXPECT_TRUE(orders.has_null_macro);
  ASSERT_EQ(orders.macros.size(), 1u);
  EXPECT_EQ(m->macro(orders.macros[0]).unique_id, "macro.shop.cents");
  EXPECT_EQ(m->parents(*m->Find("model.shop.orders")).size(), 2u);
  EXPECT_EQ(m->children(*m->Find("source.shop.raw.orders")).size(), 2u);
  ASSERT_EQ(m->dangling().size(), 1u);
  EXPECT_EQ(m->dangling()[0], "model.shop.stg -> model.shop.gone");
  EXPECT_TRUE(m->IsDisabled("model.shop.old"));
  EXPECT_EQ(m->text().at(orders.text).front(), '{');
  EXPECT_EQ(m->text().at(orders.text).back(), '}');
}

}  // namespace
}  // namespace doppel::manifest

#include "service/manifest/test_manifest.h"

#include <gtest/gtest.h>

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "service/manifest/parse.h"

namespace doppel::manifest {
namespace {

constexpr absl::string_view kMetadata = R"json("metadata": {
  "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v$version.json",
  "dbt_version": "1.2.3", "generated_at": "2024-05-06T07:08:09.000000Z",
  "invocation_id": "11111111-2222", "env": {}, "adapter_type": "duckdb"})json";

constexpr absl::string_view kTemplate = R"json({
$metadata,
"nodes": {
  "model.shop.orders": {
    "unique_id": "model.shop.orders", "resource_type": "model",
    "name": "orders", "package_name": "shop", "alias": "orders_v",
    "database": "db", "schema": "prod", "root_path": "/src",
    "path": "marts/orders.sql", "original_file_path": "models/marts/orders.sql",
    "patch_path": "shop://models/marts/orders.yml",
    "fqn": ["shop", "marts", "orders"], "tags": ["daily", "core"],
    "$code": "select 1 as id\n-- na\u00efve", "description": "All orders",
    "config": {"enabled": true, "materialized": "table", "tags": ["daily"]},
    "unrendered_config": {"materialized": "table"}, "deferred": false,
    "refs": $refs, "sources": [],
    "columns": {"id": {"name": "id", "description": "Key"}},
    "depends_on": {"macros": ["macro.shop.cents"],
                   "nodes": ["model.shop.stg", "model.shop.stg"]}},
  "model.shop.stg": {
    "unique_id": "model.shop.stg", "resource_type": "model", "name": "stg",
    "package_name": "shop", "alias": "stg", "database": "db", "schema": "prod",
    "path": "stg.sql", "original_file_path": "models/stg.sql",
    "fqn": ["shop", "stg"], "tags": [], "$code": "select 2",
    "config": {"enabled": true, "materialized": "ephemeral"},
    "depends_on": {"macros": [], "nodes": ["source.shop.raw.orders"]}},
  "seed.shop.codes": {
    "unique_id": "seed.shop.codes", "resource_type": "seed", "name": "codes",
    "package_name": "shop", "alias": "codes", "database": "db",
    "schema": "prod", "path": "codes.csv",
    "original_file_path": "seeds/codes.csv", "fqn": ["shop", "codes"],
    "checksum": {"name": "sha256", "checksum": "abc"}, "$code": "",
    "config": {"enabled": true, "materialized": "seed"}, "depends_on": {"macros": []}},
  "test.shop.unique_orders_id.0123456789": {
    "unique_id": "test.shop.unique_orders_id.0123456789",
    "resource_type": "test", "name": "unique_orders_id",
    "package_name": "shop", "fqn": ["shop", "marts", "unique_orders_id"],
    "test_metadata": {"name": "unique", "kwargs": {"column_name": "id"}},
    "$code": "{{ test_unique(**_dbt_generic_test_kwargs) }}",
    "config": {"enabled": true, "severity": "ERROR"},
    "depends_on": {"macros": [null], "nodes": ["model.shop.orders"]}}
},
"sources": {
  "source.shop.raw.orders": {
    "unique_id": "source.shop.raw.orders", "resource_type": "source",
    "name": "orders", "source_name": "raw", "package_name": "shop",
    "database": null, "schema": "landing", "identifier": "ORDERS",
    "fqn": ["shop", "raw", "orders"], "relation_name": "landing.ORDERS",
    "loaded_at_field": "at", "freshness": {"warn_after": {"count": 1}}}
},
"macros": {
  "macro.shop.cents": {
    "unique_id": "macro.shop.cents", "package_name": "shop",
    "macro_sql": "{% macro cents() %}100{% endmacro %}",
    "depends_on": {"macros": ["macro.dbt.unknown"]}}
},
"exposures": {
  "exposure.shop.board": {
    "unique_id": "exposure.shop.board", "name": "board", "package_name": "shop",
    "type": "dashboard", "owner": {"email": "a@b.c", "name": null},
    "fqn": ["shop", "board"],
    "depends_on": {"macros": [], "nodes": ["model.shop.orders"$on_metric]}}
},
$metrics
"docs": {}, "selectors": {"nightly": {"definition": "tag:daily"}},
"disabled": $disabled,
"parent_map": {}, "child_map": {}
})json";

}  // namespace

std::string SmallManifest(int version) {
  const bool has_metrics = version >= 4;
  constexpr absl::string_view kOld =
      R"({"unique_id": "model.shop.old", "resource_type": "model"})";
  return absl::StrReplaceAll(
      absl::StrReplaceAll(kTemplate, {{"$metadata", kMetadata}}),
      {{"$version", absl::StrCat(version)},
       {"$code", version <= 6 ? "raw_sql" : "raw_code"},
       {"$refs", version <= 8 ? R"([["stg"]])"
                              : R"([{"name": "stg", "package": null}])"},
       {"$on_metric", has_metrics ? R"(, "metric.shop.revenue")" : ""},
       {"$metrics", has_metrics ? R"("metrics": {"metric.shop.revenue": {
          "name": "revenue", "label": "Revenue", "type": "simple",
          "depends_on": {"nodes": ["model.shop.orders"]}}},)"
                                : ""},
       {"$disabled",
        version <= 3 ? absl::StrCat("[", kOld, "]")
                     : absl::StrCat(R"({"model.shop.old": [)", kOld, "]}")}});
}

std::string ManifestOf(absl::string_view nodes,
                       absl::string_view other_members) {
  return absl::StrCat("{", absl::StrReplaceAll(kMetadata, {{"$version", "12"}}),
                      ", \"nodes\": ", nodes, other_members.empty() ? "" : ", ",
                      other_members, "}");
}

std::shared_ptr<const Manifest> MustParse(absl::string_view json) {
  auto manifest = ParseManifest(Text::Copy(json), "digest");
  EXPECT_TRUE(manifest.ok()) << manifest.status();
  return manifest.ok() ? *manifest : nullptr;
}

const Node& NodeOf(const Manifest& manifest, absl::string_view unique_id) {
  const std::optional<NodeId> id = manifest.Find(unique_id);
  EXPECT_TRUE(id.has_value()) << unique_id;
  return manifest.node(id.value_or(0));
}

}  // namespace doppel::manifest

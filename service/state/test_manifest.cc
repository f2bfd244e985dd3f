#include "service/state/test_manifest.h"

#include <gtest/gtest.h>

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "service/base/digest.h"
#include "service/manifest/parse.h"

namespace doppel::state {
namespace {

constexpr absl::string_view kJson = R"json({
"metadata": {
  "dbt_schema_version":
    "https://schemas.getdbt.com/dbt/manifest/v12.json",
  "dbt_version": "1.12.6", "project_name": "lab", "adapter_type": "duckdb"},
"nodes": {
  "model.lab.orders": {
    "unique_id": "model.lab.orders", "resource_type": "model",
    "name": "orders", "package_name": "lab", "alias": "orders",
    "path": "marts/orders.sql",
    "original_file_path": "models/marts/orders.sql",
    "database": "db", "schema": "main",
    "fqn": ["lab", "marts", "orders"], "tags": ["daily"],
    "raw_code": "{{ config(materialized='table') }} select 1 as id",
    "description": "All orders",
    "config": {"enabled": true, "materialized": "table",
      "persist_docs": {}, "group": null},
    "unrendered_config": {"materialized": "table", "tags": "daily",
      "grants": {"select": ["bi"]}},
    "columns": {"id": {"name": "id", "description": "Key"}},
    "access": "protected", "latest_version": null,
    "depends_on": {"macros": ["macro.lab.outer"],
      "nodes": ["seed.lab.codes", "source.lab.raw.events"]}},
  "model.lab.documented": {
    "unique_id": "model.lab.documented", "resource_type": "model",
    "name": "documented", "package_name": "lab", "alias": "documented",
    "path": "documented.sql", "original_file_path": "models/documented.sql",
    "database": "db", "schema": "main", "fqn": ["lab", "documented"],
    "raw_code": "select 2 as id", "description": "Written down",
    "config": {"enabled": true, "materialized": "view",
      "persist_docs": {"relation": true, "columns": true}},
    "unrendered_config": {"persist_docs": {"relation": true, "columns": true}},
    "columns": {"code": {"name": "code", "description": "The code"}},
    "access": "protected", "depends_on": {"macros": [], "nodes": []}},
  "model.lab.sales.v1": {
    "unique_id": "model.lab.sales.v1", "resource_type": "model",
    "name": "sales", "package_name": "lab", "alias": "sales_v1",
    "path": "sales_v1.sql", "original_file_path": "models/sales_v1.sql",
    "database": "db", "schema": "main", "fqn": ["lab", "sales", "v1"],
    "raw_code": "select 1 as amount", "version": 1, "latest_version": 1,
    "config": {"enabled": true, "materialized": "table"},
    "unrendered_config": {"materialized": "table",
      "contract": {"enforced": true}},
    "contract": {"enforced": true, "alias_types": true, "checksum": "s1"},
    "columns": {"amount": {"name": "amount", "data_type": "integer"}},
    "access": "protected", "depends_on": {"macros": [], "nodes": []}},
  "model.lab.terms": {
    "unique_id": "model.lab.terms", "resource_type": "model",
    "name": "terms", "package_name": "lab", "alias": "terms",
    "path": "terms.sql", "original_file_path": "models/terms.sql",
    "database": "db", "schema": "main", "fqn": ["lab", "terms"],
    "raw_code": "select 1 as id, 'a' as kind",
    "deprecation_date": "2030-01-01T00:00:00+00:00",
    "config": {"enabled": true, "materialized": "incremental"},
    "unrendered_config": {"materialized": "incremental"},
    "contract": {"enforced": true, "alias_types": true, "checksum": "t1"},
    "constraints": [{"type": "primary_key", "columns": ["id"],
      "name": null, "warn_unsupported": true}],
    "columns": {
      "id": {"name": "id", "data_type": "integer",
        "constraints": [{"type": "not_null"}]},
      "kind": {"name": "kind", "data_type": "varchar(3)"}},
    "access": "protected", "depends_on": {"macros": [], "nodes": []}},
  "seed.lab.codes": {
    "unique_id": "seed.lab.codes", "resource_type": "seed",
    "name": "codes", "package_name": "lab", "alias": "codes",
    "path": "codes.csv", "original_file_path": "seeds/codes.csv",
    "database": "db", "schema": "main", "fqn": ["lab", "codes"],
    "raw_code": "", "checksum": {"name": "sha256", "checksum": "c0de"},
    "config": {"enabled": true, "materialized": "seed"},
    "unrendered_config": {}, "depends_on": {"macros": []}},
  "seed.lab.large": {
    "unique_id": "seed.lab.large", "resource_type": "seed",
    "name": "large", "package_name": "lab", "alias": "large",
    "path": "large.csv", "original_file_path": "seeds/large.csv",
    "database": "db", "schema": "main", "fqn": ["lab", "large"],
    "raw_code": "", "checksum": {"name": "path", "checksum": "seeds/large.csv"},
    "config": {"enabled": true, "materialized": "seed"},
    "unrendered_config": {}, "depends_on": {"macros": []}},
  "snapshot.lab.history": {
    "unique_id": "snapshot.lab.history", "resource_type": "snapshot",
    "name": "history", "package_name": "lab", "alias": "history",
    "path": "history.sql", "original_file_path": "snapshots/history.sql",
    "database": "db", "schema": "snapshots",
    "fqn": ["lab", "history", "history"],
    "raw_code": "select * from codes",
    "config": {"enabled": true, "materialized": "snapshot"},
    "unrendered_config": {"strategy": "check", "schema": "snapshots"},
    "depends_on": {"macros": [], "nodes": ["seed.lab.codes"]}},
  "test.lab.not_null_orders_id.0123456789": {
    "unique_id": "test.lab.not_null_orders_id.0123456789",
    "resource_type": "test", "name": "not_null_orders_id",
    "package_name": "lab", "alias": "not_null_orders_id",
    "path": "not_null_orders_id.sql",
    "original_file_path": "models/marts/orders.yml",
    "schema": "main", "fqn": ["lab", "marts", "not_null_orders_id"],
    "test_metadata": {"name": "not_null", "kwargs": {"column_name": "id"}},
    "raw_code": "{{ test_not_null(**kwargs) }}",
    "config": {"enabled": true, "severity": "ERROR"},
    "unrendered_config": {"severity": "error", "meta": {"owner": "qa"}},
    "attached_node": "model.lab.orders",
    "depends_on": {"macros": ["macro.dbt.test_not_null"],
      "nodes": ["model.lab.orders"]}}},
"sources": {
  "source.lab.raw.events": {
    "unique_id": "source.lab.raw.events", "resource_type": "source",
    "name": "events", "source_name": "raw", "package_name": "lab",
    "path": "models/sources.yml", "original_file_path": "models/sources.yml",
    "database": "db", "schema": "raw_prod", "identifier": "events",
    "unrendered_database": null, "unrendered_schema": "raw_{{ target.name }}",
    "fqn": ["lab", "raw", "events"], "description": "Raw events",
    "quoting": {"database": null, "schema": null, "identifier": null},
    "loaded_at_field": "loaded_at", "freshness": null, "external": null,
    "config": {"enabled": true}, "unrendered_config": {}}},
"macros": {
  "macro.dbt.test_not_null": {
    "unique_id": "macro.dbt.test_not_null", "name": "test_not_null",
    "package_name": "dbt", "macro_sql": "select 0",
    "depends_on": {"macros": []}},
  "macro.lab.inner": {
    "unique_id": "macro.lab.inner", "name": "inner", "package_name": "lab",
    "macro_sql": "inner text", "depends_on": {"macros": []}},
  "macro.lab.outer": {
    "unique_id": "macro.lab.outer", "name": "outer", "package_name": "lab",
    "macro_sql": "outer text",
    "depends_on": {"macros": ["macro.lab.inner", "macro.lab.outer"]}},
  "macro.lab.unused": {
    "unique_id": "macro.lab.unused", "name": "unused", "package_name": "lab",
    "macro_sql": "unused text", "depends_on": {"macros": []}}},
"exposures": {
  "exposure.lab.dashboard": {
    "unique_id": "exposure.lab.dashboard", "resource_type": "exposure",
    "name": "dashboard", "package_name": "lab",
    "path": "exposures.yml", "original_file_path": "models/exposures.yml",
    "fqn": ["lab", "dashboard"], "type": "dashboard", "maturity": "high",
    "owner": {"name": "Ada", "email": null}, "url": null, "label": null,
    "description": "What sales see", "meta": {}, "tags": [],
    "config": {"enabled": true}, "unrendered_config": {},
    "depends_on": {"macros": [], "nodes": ["model.lab.orders"]}}},
"metrics": {
  "metric.lab.revenue": {
    "unique_id": "metric.lab.revenue", "resource_type": "metric",
    "name": "revenue", "package_name": "lab", "label": "Revenue",
    "path": "metrics.yml", "original_file_path": "models/metrics.yml",
    "fqn": ["lab", "revenue"], "description": "Money in", "type": "simple",
    "type_params": {"measure": {"name": "amount"}},
    "config": {"enabled": true}, "unrendered_config": {},
    "depends_on": {"macros": [], "nodes": ["semantic_model.lab.orders"]}}},
"semantic_models": {
  "semantic_model.lab.orders": {
    "unique_id": "semantic_model.lab.orders",
    "resource_type": "semantic_model", "name": "orders",
    "package_name": "lab", "path": "semantic.yml",
    "original_file_path": "models/semantic.yml", "fqn": ["lab", "orders"],
    "model": "ref('orders')", "description": null, "defaults": null,
    "entities": [{"name": "order", "type": "primary"}], "dimensions": [],
    "measures": [{"name": "amount", "agg": "sum"}],
    "primary_entity": null, "group": null,
    "config": {"enabled": true, "group": null, "meta": {}},
    "depends_on": {"macros": [], "nodes": ["model.lab.orders"]}}},
"saved_queries": {
  "saved_query.lab.weekly": {
    "unique_id": "saved_query.lab.weekly", "resource_type": "saved_query",
    "name": "weekly", "package_name": "lab", "path": "queries.yml",
    "original_file_path": "models/queries.yml", "fqn": ["lab", "weekly"],
    "description": "Week by week", "label": "Weekly",
    "query_params": {"metrics": ["revenue"], "group_by": [], "where": null},
    "exports": [{"name": "weekly_table",
      "unrendered_config": {"export_as": "table"}}],
    "config": {"enabled": true, "cache": {"enabled": false}}, "tags": [],
    "depends_on": {"macros": [], "nodes": ["metric.lab.revenue"]}}},
"unit_tests": {
  "unit_test.lab.orders.counts": {
    "unique_id": "unit_test.lab.orders.counts",
    "resource_type": "unit_test", "name": "counts", "package_name": "lab",
    "path": "unit.yml", "original_file_path": "models/unit.yml",
    "fqn": ["lab", "orders", "counts"], "model": "orders",
    "description": "One in, one out", "checksum": "u1",
    "config": {"enabled": true},
    "depends_on": {"macros": [], "nodes": ["model.lab.orders"]}}},
"functions": {
  "function.lab.double": {
    "unique_id": "function.lab.double", "resource_type": "function",
    "name": "double", "package_name": "lab", "alias": "double",
    "path": "double.sql", "original_file_path": "functions/double.sql",
    "database": "db", "schema": "main", "fqn": ["lab", "double"],
    "raw_code": "x * 2", "arguments": [{"name": "x", "data_type": "integer"}],
    "returns": {"data_type": "integer"},
    "overloads": [{"defined_in": "double_big",
      "arguments": [{"name": "x", "data_type": "bigint"}],
      "raw_body": "x + x", "description": "a"}],
    "config": {"enabled": true}, "unrendered_config": {},
    "depends_on": {"macros": [], "nodes": []}}},
"docs": {}, "groups": {}, "selectors": {}, "disabled": {},
"parent_map": {}, "child_map": {}, "group_map": {}
})json";

std::string Print(const Cause& cause) {
  std::string text(CauseKindName(cause.kind));
  if (!cause.subject.empty()) absl::StrAppend(&text, " ", cause.subject);
  if (cause.path.size() > 1) {
    absl::StrAppend(&text, " via ", absl::StrJoin(cause.path, " > "));
  }
  if (!cause.detail.empty()) absl::StrAppend(&text, ": ", cause.detail);
  return text;
}

}  // namespace

absl::string_view TestManifestJson() { return kJson; }

std::shared_ptr<const manifest::Manifest> TestManifest(const Edits& edits) {
  std::string json(kJson);
  for (const auto& [from, to] : edits) {
    const size_t at = json.find(from);
    EXPECT_NE(at, std::string::npos) << "no such text: " << from;
    if (at == std::string::npos) continue;
    EXPECT_EQ(json.find(from, at + 1), std::string::npos)
        << "more than once: " << from;
    json.replace(at, from.size(), to);
  }
  auto parsed =
      manifest::ParseManifest(manifest::Text::Copy(json), Sha256Hex(json));
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? *std::move(parsed) : nullptr;
}

std::shared_ptr<const StateComparison> Compare(const Edits& older,
                                               const Edits& current,
                                               const CompareOptions& options) {
  return StateComparison::Make(TestManifest(current), TestManifest(older),
                               options);
}

manifest::NodeId IdOf(const StateComparison& comparison,
                      absl::string_view unique_id) {
  const auto id = comparison.current().Find(unique_id);
  EXPECT_TRUE(id.has_value()) << unique_id;
  return id.value_or(0);
}

Texts CausesOf(const StateComparison& comparison, manifest::NodeId id) {
  Texts texts;
  for (const Cause& cause : comparison.Causes(id)) {
    texts.push_back(Print(cause));
  }
  return texts;
}

}  // namespace doppel::state

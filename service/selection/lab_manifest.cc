#include "service/selection/lab_manifest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "service/manifest/parse.h"

namespace doppel::selection {
namespace {

constexpr absl::string_view kNodes = R"("nodes": {
  "seed.jaffle.raw_customers": {"resource_type": "seed",
    "name": "raw_customers", "package_name": "jaffle",
    "fqn": ["jaffle", "raw_customers"], "config": {"materialized": "seed"},
    "original_file_path": "seeds/raw_customers.csv", "raw_code": ""},
  "seed.jaffle.raw_orders": {"resource_type": "seed", "name": "raw_orders",
    "package_name": "jaffle", "fqn": ["jaffle", "raw_orders"],
    "original_file_path": "seeds/raw_orders.csv",
    "config": {"materialized": "seed"}, "raw_code": ""},
  "model.jaffle.stg_customers": {"resource_type": "model",
    "name": "stg_customers", "package_name": "jaffle", "raw_code": "select 1",
    "fqn": ["jaffle", "staging", "stg_customers"], "tags": ["stg"],
    "original_file_path": "models/staging/stg_customers.sql",
    "config": {"materialized": "view"},
    "depends_on": {"nodes": ["seed.jaffle.raw_customers"]}},
  "model.jaffle.stg_orders": {"resource_type": "model", "name": "stg_orders",
    "package_name": "jaffle", "raw_code": "select 1",
    "fqn": ["jaffle", "staging", "stg_orders"], "tags": ["stg"],
    "original_file_path": "models/staging/stg_orders.sql",
    "config": {"materialized": "view"},
    "depends_on": {"nodes": ["seed.jaffle.raw_orders"]}},
  "model.jaffle.eph_orders": {"resource_type": "model", "name": "eph_orders",
    "package_name": "jaffle", "raw_code": "select 1",
    "fqn": ["jaffle", "marts", "eph_orders"],
    "original_file_path": "models/marts/eph_orders.sql",
    "config": {"materialized": "ephemeral"},
    "depends_on": {"nodes": ["model.jaffle.stg_orders"]}},
  "model.jaffle.customers": {"resource_type": "model", "name": "customers",
    "package_name": "jaffle", "raw_code": "select 1",
    "fqn": ["jaffle", "marts", "customers"],
    "original_file_path": "models/marts/customers.sql",
    "patch_path": "jaffle://models/marts/schema.yml",
    "config": {"materialized": "table"},
    "depends_on": {"nodes": ["model.jaffle.stg_customers",
                             "model.jaffle.eph_orders"]}},
  "model.jaffle.orders": {"resource_type": "model", "name": "orders",
    "package_name": "jaffle", "raw_code": "select 1",
    "fqn": ["jaffle", "marts", "orders"],
    "original_file_path": "models/marts/orders.sql",
    "patch_path": "jaffle://models/marts/schema.yml",
    "config": {"materialized": "incremental"},
    "depends_on": {"nodes": ["model.jaffle.stg_orders"]}},
  "model.jaffle.dim_c.v1": {"resource_type": "model", "name": "dim_c",
    "package_name": "jaffle", "raw_code": "select 1", "version": 1,
    "latest_version": 1, "fqn": ["jaffle", "marts", "dim_c", "v1"],
    "original_file_path": "models/marts/dim_c_v1.sql",
    "patch_path": "jaffle://models/marts/schema.yml",
    "config": {"materialized": "table"},
    "depends_on": {"nodes": ["model.jaffle.customers"]}},
  "model.jaffle.dim_c.v2": {"resource_type": "model", "name": "dim_c",
    "package_name": "jaffle", "raw_code": "select 1", "version": 2,
    "latest_version": 1, "fqn": ["jaffle", "marts", "dim_c", "v2"],
    "original_file_path": "models/marts/dim_c_v2.sql",
    "patch_path": "jaffle://models/marts/schema.yml",
    "config": {"materialized": "table"},
    "depends_on": {"nodes": ["model.jaffle.customers"]}},
  "snapshot.jaffle.snap_orders": {"resource_type": "snapshot",
    "name": "snap_orders", "package_name": "jaffle", "raw_code": "select 1",
    "fqn": ["jaffle", "snap_orders", "snap_orders"],
    "original_file_path": "snapshots/snap_orders.sql",
    "config": {"materialized": "snapshot"},
    "depends_on": {"nodes": ["model.jaffle.stg_orders"]}},
  "test.jaffle.unique": {"resource_type": "test",
    "name": "unique_customers_id", "package_name": "jaffle", "raw_code": "x",
    "fqn": ["jaffle", "marts", "unique_customers_id"],
    "original_file_path": "models/marts/schema.yml",
    "test_metadata": {"name": "unique"},
    "config": {"materialized": "test", "severity": "ERROR"},
    "depends_on": {"nodes": ["model.jaffle.customers"]}},
  "test.jaffle.not_null": {"resource_type": "test",
    "name": "not_null_customers_id", "package_name": "jaffle", "raw_code": "x",
    "fqn": ["jaffle", "marts", "not_null_customers_id"],
    "original_file_path": "models/marts/schema.yml",
    "test_metadata": {"name": "not_null"},
    "config": {"materialized": "test", "severity": "ERROR"},
    "depends_on": {"nodes": ["model.jaffle.customers"]}},
  "test.jaffle.relationships": {"resource_type": "test",
    "name": "relationships_orders_customer_id__id__ref_customers_",
    "package_name": "jaffle", "raw_code": "x",
    "fqn": ["jaffle", "marts",
            "relationships_orders_customer_id__id__ref_customers_"],
    "original_file_path": "models/marts/schema.yml",
    "test_metadata": {"name": "relationships"},
    "config": {"materialized": "test", "severity": "ERROR"},
    "depends_on": {"nodes": ["model.jaffle.customers",
                             "model.jaffle.orders"]}},
  "test.jaffle.singular_c": {"resource_type": "test", "name": "singular_c",
    "package_name": "jaffle", "raw_code": "select 1",
    "fqn": ["jaffle", "singular_c"],
    "original_file_path": "tests/singular_c.sql",
    "config": {"materialized": "test", "severity": "ERROR"},
    "depends_on": {"nodes": ["model.jaffle.customers"]}}
})";

constexpr absl::string_view kOthers = R"("sources": {
  "source.jaffle.raw.t1": {"resource_type": "source", "name": "t1",
    "source_name": "raw", "package_name": "jaffle",
    "fqn": ["jaffle", "marts", "raw", "t1"], "config": {"enabled": true},
    "original_file_path": "models/marts/schema.yml"}
}, "exposures": {
  "exposure.jaffle.dash": {"resource_type": "exposure", "name": "dash",
    "package_name": "jaffle", "fqn": ["jaffle", "marts", "dash"],
    "original_file_path": "models/marts/schema.yml",
    "depends_on": {"nodes": ["model.jaffle.customers"]}}
}, "unit_tests": {
  "unit_test.jaffle.ut_customers": {"resource_type": "unit_test",
    "name": "ut_customers", "package_name": "jaffle",
    "fqn": ["jaffle", "marts", "customers", "ut_customers"],
    "original_file_path": "models/marts/schema.yml",
    "depends_on": {"nodes": ["model.jaffle.customers"]}}
})";

std::string AfterPackage(absl::string_view unique_id) {
  unique_id.remove_prefix(unique_id.find('.') + 1);
  unique_id.remove_prefix(unique_id.find('.') + 1);
  return std::string(unique_id);
}

}  // namespace

std::shared_ptr<const manifest::Manifest> MustParse(
    const std::string& members) {
  const std::string json =
      absl::StrCat(R"({"metadata": {"dbt_schema_version":)"
                   R"( "https://schemas.getdbt.com/dbt/manifest/v12.json",)"
                   R"( "project_name": "jaffle"}, )",
                   members, "}");
  auto parsed = manifest::ParseManifest(manifest::Text::Copy(json), "");
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? *parsed : nullptr;
}

std::shared_ptr<const manifest::Manifest> LabManifest(
    absl::string_view selectors) {
  return MustParse(
      absl::StrCat(kNodes, ", ", kOthers, ", \"selectors\": ", selectors));
}

std::string Selected(const SelectionRequest& request,
                     const SelectionInputs& inputs) {
  const auto result = Select(request, inputs);
  if (!result.ok()) return std::string(result.status().message());
  std::vector<std::string> names;
  for (const manifest::NodeId id : result->nodes) {
    names.push_back(AfterPackage(inputs.current->node(id).unique_id));
  }
  return absl::StrJoin(names, " ");
}

std::string Selected(const SelectionRequest& request,
                     const manifest::Manifest& manifest) {
  SelectionInputs inputs;
  inputs.current = &manifest;
  return Selected(request, inputs);
}

SelectionRequest Selecting(absl::string_view select) {
  SelectionRequest request;
  request.select.emplace_back(select);
  return request;
}

}  // namespace doppel::selection

#include "service/deferral/test_manifest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "service/base/digest.h"
#include "service/manifest/parse.h"

namespace doppel::deferral {
namespace {

std::string NodeJson(const TestNode& node, const TestManifestOptions& options) {
  const std::vector<std::string> parts = absl::StrSplit(node.unique_id, '.');
  const std::string& type = parts.front();
  const std::string& name = parts.back();
  const std::string& alias = node.alias.empty() ? name : node.alias;
  const std::string& schema =
      node.schema.empty() ? options.schema : node.schema;
  const auto quoted = [](std::string* out, const std::string& text) {
    absl::StrAppend(out, "\"", text, "\"");
  };
  return absl::StrCat(
      "\"", node.unique_id, "\":{\"unique_id\":\"", node.unique_id,
      "\",\"resource_type\":\"", type,
      "\",\"package_name\":\"shop\",\"name\":\"", name, "\",\"database\":\"",
      options.database, "\",\"schema\":\"", schema, "\",\"alias\":\"", alias,
      "\",\"identifier\":\"", alias,
      "\",\"source_name\":\"raw\",\"fqn\":[\"shop\",\"", name,
      "\"],\"path\":\"x.sql\",\"original_file_path\":\"models/x.sql\",",
      options.version < 7 ? "\"raw_sql\"" : "\"raw_code\"",
      ":\"select 1\",\"checksum\":{\"name\":\"none\",\"checksum\":\"\"},"
      "\"config\":{\"enabled\":true,\"materialized\":\"",
      node.materialized, "\"", node.config.empty() ? "" : ",", node.config,
      "},\"depends_on\":{\"macros\":[],\"nodes\":[",
      absl::StrJoin(node.parents, ",", quoted), "]}",
      node.more.empty() ? "" : ",", node.more, "}");
}

std::string Section(absl::string_view name, absl::string_view prefix,
                    const std::vector<TestNode>& nodes,
                    const TestManifestOptions& options) {
  std::vector<std::string> members;
  for (const TestNode& node : nodes) {
    const bool is_apart = absl::StartsWith(node.unique_id, "source.") ||
                          absl::StartsWith(node.unique_id, "unit_test.") ||
                          absl::StartsWith(node.unique_id, "function.");
    if (prefix.empty() ? !is_apart : absl::StartsWith(node.unique_id, prefix)) {
      members.push_back(NodeJson(node, options));
    }
  }
  return absl::StrCat(",\"", name, "\":{", absl::StrJoin(members, ","), "}");
}

}  // namespace

std::string TestManifestJson(const std::vector<TestNode>& nodes,
                             const TestManifestOptions& options) {
  std::string json = absl::StrCat(
      "{\"metadata\":{\"dbt_schema_version\":"
      "\"https://schemas.getdbt.com/dbt/manifest/v",
      options.version, ".json\",\"dbt_version\":\"", options.dbt_version,
      "\",\"adapter_type\":\"", options.adapter, "\"}",
      Section("nodes", "", nodes, options),
      Section("sources", "source.", nodes, options));
  if (options.version == 12) {
    absl::StrAppend(&json, Section("unit_tests", "unit_test.", nodes, options));
    absl::StrAppend(&json, Section("functions", "function.", nodes, options));
  }
  for (const absl::string_view member :
       {"macros", "docs", "exposures", "metrics", "selectors", "disabled",
        "parent_map", "child_map"}) {
    absl::StrAppend(&json, ",\"", member, "\":{}");
  }
  return absl::StrCat(json, "}");
}

std::shared_ptr<const manifest::Manifest> ParseTestManifest(
    absl::string_view json) {
  auto parsed =
      manifest::ParseManifest(manifest::Text::Copy(json), Sha256Hex(json));
  EXPECT_TRUE(parsed.ok()) << parsed.status() << "\n" << json;
  return parsed.ok() ? *parsed : nullptr;
}

std::shared_ptr<const manifest::Manifest> MakeTestManifest(
    const std::vector<TestNode>& nodes, const TestManifestOptions& options) {
  return ParseTestManifest(TestManifestJson(nodes, options));
}

std::vector<manifest::NodeId> AllNodes(const manifest::Manifest& manifest) {
  std::vector<manifest::NodeId> ids(manifest.node_count());
  std::iota(ids.begin(), ids.end(), 0);
  return ids;
}

std::vector<manifest::NodeId> NodesOf(const manifest::Manifest& manifest,
                                      const std::vector<std::string>& ids) {
  std::vector<manifest::NodeId> nodes;
  for (const std::string& id : ids) {
    const auto node = manifest.Find(id);
    EXPECT_TRUE(node.has_value()) << id;
    if (node.has_value()) nodes.push_back(*node);
  }
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

}  // namespace doppel::deferral

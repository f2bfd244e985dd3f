// Manifests of a few lines, for the tests of deferral and clone.
#ifndef DOPPEL_SERVICE_DEFERRAL_TEST_MANIFEST_H_
#define DOPPEL_SERVICE_DEFERRAL_TEST_MANIFEST_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"

namespace doppel::deferral {

struct TestNode {
  // Begins with its type: "model.shop.orders". Its name is the part behind the
  // last dot.
  std::string unique_id;
  std::vector<std::string> parents = {};
  std::string materialized = "table";
  std::string config = {};  // more members: "\"transient\":false"
  std::string schema = {};  // "": the manifest's
  std::string more = {};    // more members of the node itself
  std::string alias = {};   // "": its name
};

struct TestManifestOptions {
  std::string schema = "dev";
  std::string database = "db";
  int version = 12;
  std::string dbt_version = "1.12.6";
  std::string adapter = "duckdb";
};

std::string TestManifestJson(const std::vector<TestNode>& nodes,
                             const TestManifestOptions& options = {});

// Fails the running test where the JSON is no manifest.
std::shared_ptr<const manifest::Manifest> ParseTestManifest(
    absl::string_view json);

std::shared_ptr<const manifest::Manifest> MakeTestManifest(
    const std::vector<TestNode>& nodes,
    const TestManifestOptions& options = {});

// Every id of the manifest, ascending.
std::vector<manifest::NodeId> AllNodes(const manifest::Manifest& manifest);

// Those of the given unique ids, ascending; fails the running test where one
// is not there.
std::vector<manifest::NodeId> NodesOf(const manifest::Manifest& manifest,
                                      const std::vector<std::string>& ids);

}  // namespace doppel::deferral

#endif  // DOPPEL_SERVICE_DEFERRAL_TEST_MANIFEST_H_

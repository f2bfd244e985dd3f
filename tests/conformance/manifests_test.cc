// Every manifest of the oracle is read: public ones of each schema version,
// and those that real dbt wrote for the cases.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "service/base/error.h"
#include "service/manifest/parse.h"
#include "tests/conformance/oracle_case.h"

namespace doppel::conformance {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kPacked = ".json.gz";

// The keys of all manifests, sorted, as ReadOracleManifest takes them.
std::vector<std::string> ManifestKeys(const std::string& folder) {
  std::vector<std::string> keys;
  for (absl::string_view part : {"manifests", "public"}) {
    const fs::path root = fs::path(folder) / std::string(part);
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      const std::string path = fs::relative(entry.path(), root).string();
      absl::string_view key = path;
      if (!absl::ConsumeSuffix(&key, kPacked)) continue;
      if (part == "public") {
        absl::ConsumeSuffix(&key, "/manifest");
        keys.push_back(absl::StrCat("manifests/", key));
      } else {
        keys.emplace_back(key);
      }
    }
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

// The oracle has a few texts that are no manifests, on purpose.
std::optional<Reason> ExpectedReason(absl::string_view key) {
  if (key == "statecompat/base_invalid_json") return Reason::kManifestNotJson;
  if (key == "statecompat/base_no_metadata") return Reason::kNotAManifest;
  if (key == "statecompat/base_run_results") return Reason::kNotAManifest;
  if (key == "statecompat/base_v13") {
    return Reason::kManifestVersionUnsupported;
  }
  return std::nullopt;
}

TEST(ManifestsTest, EveryManifestOfTheOracleIsRead) {
  const std::optional<std::string> folder = OracleFolder();
  if (!folder.has_value()) {
    GTEST_SKIP() << "no oracle: neither DOPPEL_ORACLE names a folder nor does "
                    "one stand beside the repository; no real manifest was "
                    "read by this test";
  }
  const std::vector<std::string> keys = ManifestKeys(*folder);
  std::set<int> versions;
  size_t read = 0;
  for (const std::string& key : keys) {
    SCOPED_TRACE(key);
    const auto bytes = ReadOracleManifest(*folder, key);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    const auto manifest =
        manifest::ParseManifest(manifest::Text::Copy(*bytes), "digest");
    if (const auto reason = ExpectedReason(key)) {
      EXPECT_EQ(GetReason(manifest.status()), *reason) << manifest.status();
      continue;
    }
    ASSERT_TRUE(manifest.ok()) << manifest.status();
    ++read;
    versions.insert((*manifest)->metadata().schema_version);
    EXPECT_EQ((*manifest)->topological_order().size(),
              (*manifest)->node_count());
    EXPECT_GT((*manifest)->node_count(), 0u);
  }
  EXPECT_EQ(versions.size(), 12u) << "schema versions v1 to v12";
  EXPECT_GT(read, 200u);
}

}  // namespace
}  // namespace doppel::conformance

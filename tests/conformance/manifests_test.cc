// Every manifest of the oracle is read, and as many nodes are found in it as
// another reader counts: those that real dbt wrote for the cases, and public
// ones of each schema version.

#include <gtest/gtest.h>
#include <simdjson.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "service/base/error.h"
#include "service/manifest/base_reader.h"
#include "service/manifest/describe.h"
#include "service/manifest/parse.h"
#include "tests/conformance/oracle_case.h"
#include "tests/conformance/oracle_manifests.h"

namespace doppel::conformance {
namespace {

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

// The members of the manifest that are vertices of dbt's graph, counted by
// another reader. Of a key that stands twice the last counts, as in Python. dbt
// drops the metrics of schema versions up to v9, which were another thing.
size_t CountVertices(absl::string_view bytes, int schema_version) {
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  if (parser.parse(bytes.data(), bytes.size()).get(json) != simdjson::SUCCESS) {
    return 0;
  }
  size_t count = 0;
  for (const std::string_view section :
       {"nodes", "sources", "exposures", "metrics", "semantic_models",
        "saved_queries", "unit_tests", "functions"}) {
    if (section == "metrics" && schema_version < 10) continue;
    simdjson::dom::object members;
    if (json[section].get(members) != simdjson::SUCCESS) continue;
    std::set<std::string_view> keys;
    for (const auto member : members) keys.insert(member.key);
    count += keys.size();
  }
  return count;
}

struct Seen {
  size_t read = 0;
  std::set<int> schema_versions;
  std::set<std::string> adapters;
  std::set<std::string> dbt_versions;  // "1.12"
};

Seen ReadAll(const std::string& folder) {
  Seen seen;
  const auto status = ForEachManifest(
      folder, [&](absl::string_view key, absl::string_view bytes) {
        SCOPED_TRACE(key);
        const auto manifest =
            manifest::ParseManifest(manifest::Text::Copy(bytes), "digest");
        if (const auto reason = ExpectedReason(key)) {
          EXPECT_EQ(GetReason(manifest.status()), *reason) << manifest.status();
          return;
        }
        ASSERT_TRUE(manifest.ok()) << manifest.status();
        const manifest::Metadata& metadata = (*manifest)->metadata();
        ++seen.read;
        seen.schema_versions.insert(metadata.schema_version);
        seen.adapters.emplace(metadata.adapter_type);
        const std::vector<std::string> version =
            absl::StrSplit(metadata.dbt_version, absl::MaxSplits('.', 2));
        if (version.size() > 1) {
          seen.dbt_versions.insert(absl::StrCat(version[0], ".", version[1]));
        }
        EXPECT_EQ((*manifest)->node_count(),
                  CountVertices(bytes, metadata.schema_version));
        EXPECT_EQ((*manifest)->topological_order().size(),
                  (*manifest)->node_count());
        EXPECT_GT((*manifest)->node_count(), 0u);
      });
  EXPECT_TRUE(status.ok()) << status;
  return seen;
}

TEST(ManifestsTest, EveryManifestOfTheProjectsOwnOracleIsRead) {
  const Seen seen = ReadAll(OwnOracleFolder());
  EXPECT_EQ(seen.schema_versions.size(), 12u) << "schema versions v1 to v12";
  EXPECT_GE(seen.adapters.size(), 12u);
  for (const char* version :
       {"0.19", "0.20", "0.21", "1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6",
        "1.7", "1.8", "1.9", "1.10", "1.11", "1.12", "2.0"}) {
    EXPECT_EQ(seen.dbt_versions.count(version), 1u) << version;
  }
  EXPECT_GT(seen.read, 90u);
}

TEST(ManifestsTest, EveryPublicManifestIsRead) {
  const std::optional<std::string> folder = OracleFolder();
  if (!folder.has_value()) {
    GTEST_SKIP() << "no oracle: neither DOPPEL_ORACLE names a folder nor does "
                    "one stand beside the repository; no public manifest was "
                    "read by this test";
  }
  const Seen seen = ReadAll(*folder);
  EXPECT_EQ(seen.schema_versions.size(), 12u) << "schema versions v1 to v12";
  EXPECT_GT(seen.read, 200u);
}

// The bytes with another number for each created_at.
std::string AtOtherTimes(absl::string_view bytes) {
  static constexpr absl::string_view kKey = "\"created_at\": ";
  std::string text;
  size_t at = 0;
  while (true) {
    const size_t key = bytes.find(kKey, at);
    if (key == absl::string_view::npos) break;
    const size_t end = key + kKey.size();
    absl::StrAppend(&text, bytes.substr(at, end - at));
    // There are columns of that name, too.
    if (absl::ascii_isdigit(static_cast<unsigned char>(bytes[end]))) {
      absl::StrAppend(&text, text.size() % 7 + 1);
    }
    at = end;
  }
  absl::StrAppend(&text, bytes.substr(at));
  return text;
}

// How often a base was of use.
int ReadAllBesideOthers(const std::string& folder) {
  int taken = 0;
  std::shared_ptr<const manifest::Manifest> before;
  const auto status = ForEachManifest(
      folder, [&](absl::string_view key, absl::string_view bytes) {
        SCOPED_TRACE(key);
        const auto first =
            manifest::ParseManifest(manifest::Text::Copy(bytes), "digest");
        if (!first.ok()) return;
        const std::string later = AtOtherTimes(bytes);
        const auto alone =
            manifest::ParseManifest(manifest::Text::Copy(later), "digest");
        ASSERT_TRUE(alone.ok()) << alone.status();
        for (const auto& base : {before, *first}) {
          if (base == nullptr) continue;
          const manifest::Text text = manifest::Text::Copy(later);
          taken += manifest::ParseBeside(base, text, "digest", {}) != nullptr;
          const auto beside = manifest::ParseManifest(text, "digest", {}, base);
          ASSERT_TRUE(beside.ok()) << beside.status();
          ASSERT_EQ(manifest::Describe(**beside), manifest::Describe(**alone));
        }
        before = *first;
      });
  EXPECT_TRUE(status.ok()) << status;
  return taken;
}

TEST(ManifestsTest, AnotherManifestAsABaseChangesNothing) {
  EXPECT_GT(ReadAllBesideOthers(OwnOracleFolder()), 100);
}

TEST(ManifestsTest, AnotherPublicManifestAsABaseChangesNothing) {
  const std::optional<std::string> folder = OracleFolder();
  if (!folder.has_value()) {
    GTEST_SKIP() << "no oracle: neither DOPPEL_ORACLE names a folder nor does "
                    "one stand beside the repository";
  }
  EXPECT_GT(ReadAllBesideOthers(*folder), 200);
}

}  // namespace
}  // namespace doppel::conformance

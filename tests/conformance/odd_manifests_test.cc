// Oddities that real manifests have, or that Python's json takes although JSON
// forbids them: what dbt reads, doppel reads, and to the same nodes.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "service/manifest/parse.h"
#include "tests/conformance/oracle_case.h"
#include "tests/conformance/oracle_pack.h"

namespace doppel::conformance {
namespace {

std::string Real() {
  ManifestPacks packs(OwnOracleFolder());
  const auto bytes = packs.Read("ages/full-1.12");
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return std::string(bytes.value_or(""));
}

// The manifest with every `before` replaced; there must be one.
std::string With(const std::string& text, absl::string_view before,
                 absl::string_view after) {
  EXPECT_TRUE(absl::StrContains(text, before)) << before;
  return absl::StrReplaceAll(text, {{before, after}});
}

size_t CountNodes(const std::string& text, absl::string_view what) {
  const auto manifest =
      manifest::ParseManifest(manifest::Text::Copy(text), "digest");
  EXPECT_TRUE(manifest.ok()) << what << ": " << manifest.status();
  return manifest.ok() ? (*manifest)->node_count() : 0;
}

TEST(OddManifestsTest, AreReadAsPythonReadsThem) {
  const std::string real = Real();
  const size_t count = CountNodes(real, "as it is");
  ASSERT_GT(count, 20u);
  const std::vector<std::pair<std::string, std::string>> odd = {
      {"CRLF line ends", With(real, ", \"", ",\r\n\"")},
      {"a byte order mark", absl::StrCat("\xEF\xBB\xBF", real)},
      {"white space around", absl::StrCat("\n\t ", real, " \r\n\n")},
      {"NaN", With(real, "\"created_at\": 0.0", "\"created_at\": NaN")},
      {"Infinity",
       With(real, "\"created_at\": 0.0", "\"created_at\": Infinity")},
      {"NaN in a config",
       With(real, "\"batch_size\": null", "\"batch_size\": [NaN, -Infinity]")},
      {"a huge integer",
       With(real, "\"created_at\": 0.0",
            "\"created_at\": 123456789012345678901234567890")},
      {"a huge number in a config",
       With(real, "\"batch_size\": null", "\"batch_size\": 1e400")},
      {"half a surrogate pair",
       With(real, "\"batch_size\": null", "\"batch_size\": \"\\ud800x\"")},
      {"a NUL",
       With(real, "\"batch_size\": null", "\"batch_size\": \"\\u0000\"")},
      {"a key twice",
       With(real, "\"resource_type\": \"model\"",
            "\"resource_type\": \"seed\", \"resource_type\": \"model\"")},
      {"fields that nobody knows",
       With(real, "\"batch_size\": null",
            "\"batch_size\": null, \"x\": {\"y\": []}")},
      {"tags that are null", With(real, "\"tags\": []", "\"tags\": null")},
      {"metadata that is null",
       With(real, "\"group\": null", "\"group\": null, \"meta\": null")},
  };
  for (const auto& [what, text] : odd) {
    EXPECT_EQ(CountNodes(text, what), count) << what;
  }
}

}  // namespace
}  // namespace doppel::conformance

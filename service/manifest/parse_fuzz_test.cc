// No bytes may crash the parser: manifests with bytes cut, flipped, doubled
// and moved, the same ones in every run.

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "service/base/error.h"
#include "service/manifest/mutator.h"
#include "service/manifest/parse.h"
#include "service/manifest/test_manifest.h"

namespace doppel::manifest {
namespace {

TEST(ParseFuzzTest, MutatedManifestsAreReadOrRejected) {
  size_t read = 0, rejected = 0;
  for (int version : {3, 9, 12}) {
    const std::string whole = SmallManifest(version);
    Mutator mutator(static_cast<uint32_t>(version));
    for (int i = 0; i < 4000; ++i) {
      const std::string text = mutator.Mutate(whole);
      const auto manifest = ParseManifest(Text::Copy(text), "digest");
      if (manifest.ok()) {
        ++read;
        ASSERT_EQ((*manifest)->topological_order().size(),
                  (*manifest)->node_count());
        continue;
      }
      ++rejected;
      ASSERT_NE(GetReason(manifest.status()), Reason::kUnspecified)
          << manifest.status() << "\n"
          << text;
      ASSERT_FALSE(manifest.status().message().empty());
    }
  }
  // Both happen, or the mutations are no test.
  EXPECT_GT(read, 100u);
  EXPECT_GT(rejected, 1000u);
}

}  // namespace
}  // namespace doppel::manifest

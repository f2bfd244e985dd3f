// No bytes may crash the parser: manifests with bytes cut, flipped, doubled
// and moved, the same ones in every run.

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>

#include "service/base/error.h"
#include "service/manifest/parse.h"
#include "service/manifest/test_manifest.h"

namespace doppel::manifest {
namespace {

class Mutator {
 public:
  explicit Mutator(uint32_t seed) : random_(seed) {}

  std::string Mutate(std::string text) {
    for (size_t times = 1 + Below(3); times > 0 && !text.empty(); --times) {
      MutateOnce(text);
    }
    return text;
  }

 private:
  size_t Below(size_t limit) { return random_() % limit; }

  void MutateOnce(std::string& text) {
    static constexpr absl::string_view kTelling = "{}[]\",:\\0-entf \n\xff";
    const size_t at = Below(text.size());
    const size_t size = 1 + Below(40);
    switch (Below(6)) {
      case 0:
        text.erase(at, size);
        break;
      case 1:
        text[at] = static_cast<char>(text[at] ^ (1 << Below(8)));
        break;
      case 2:
        text[at] = kTelling[Below(kTelling.size())];
        break;
      case 3:
        text.insert(at, text.substr(Below(text.size()), size));
        break;
      case 4:
        text.insert(at, 1, kTelling[Below(kTelling.size())]);
        break;
      default:
        text.resize(at);
    }
  }

  std::mt19937 random_;
};

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

// Changes texts at random, the same way in every run, for tests that nothing
// written can break a reader.
//
// Thread contract: thread-compatible.
#ifndef DOPPEL_SERVICE_MANIFEST_MUTATOR_H_
#define DOPPEL_SERVICE_MANIFEST_MUTATOR_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "absl/strings/string_view.h"

namespace doppel::manifest {

class Mutator {
 public:
  explicit Mutator(uint32_t seed) : random_(seed) {}

  // With bytes cut, flipped, doubled or moved, in one to three places.
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

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_MUTATOR_H_

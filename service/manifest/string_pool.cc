#include "service/manifest/string_pool.h"

// Short strings are hashed by the million here: without a call.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace doppel::manifest {

size_t StringPool::Hash::operator()(absl::string_view text) const {
  return XXH3_64bits(text.data(), text.size());
}

Symbol StringPool::Number(absl::string_view text) {
  const auto number = static_cast<Symbol>(texts_.size());
  const auto entry = numbers_.lazy_emplace(text, [&](const auto& construct) {
    texts_.push_back(arena_->Copy(text));
    construct(texts_.back(), number);
  });
  return entry->second;
}

}  // namespace doppel::manifest

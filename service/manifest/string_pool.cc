#include "service/manifest/string_pool.h"

// Short strings are hashed by the million here: without a call.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace doppel::manifest {

size_t StringPool::Hash::operator()(absl::string_view text) const {
  return XXH3_64bits(text.data(), text.size());
}

template <typename Keep>
Symbol StringPool::NumberOf(absl::string_view text, Keep keep) {
  const auto number = static_cast<Symbol>(texts_.size());
  const auto entry = numbers_.lazy_emplace(text, [&](const auto& construct) {
    texts_.push_back(keep());
    construct(texts_.back(), number);
  });
  return entry->second;
}

Symbol StringPool::Number(absl::string_view text) {
  return NumberOf(text, [&] { return arena_->Copy(text); });
}

Symbol StringPool::NumberKept(absl::string_view text) {
  return NumberOf(text, [&] { return text; });
}

}  // namespace doppel::manifest

#include "service/manifest/string_pool.h"

namespace doppel::manifest {

Symbol StringPool::Number(absl::string_view text) {
  const auto number = static_cast<Symbol>(texts_.size());
  const auto entry =
      numbers_.lazy_emplace(text, [&](const auto& construct) {
        texts_.push_back(arena_->Copy(text));
        construct(texts_.back(), number);
      });
  return entry->second;
}

}  // namespace doppel::manifest

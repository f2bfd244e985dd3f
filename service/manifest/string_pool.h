// Interned strings: equal texts are kept once, and have one number.
//
// The texts live in the arena, the numbers as long as the pool. Thread
// contract: thread-compatible.
#ifndef DOPPEL_SERVICE_MANIFEST_STRING_POOL_H_
#define DOPPEL_SERVICE_MANIFEST_STRING_POOL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "service/manifest/arena.h"

namespace doppel::manifest {

// A string's number in its pool: 0, 1, 2, ... in the order of arrival.
using Symbol = uint32_t;

class StringPool {
 public:
  explicit StringPool(Arena* arena) : arena_(arena) {}

  Symbol Number(absl::string_view text);
  // The same for a text that outlives what the pool gives: it is not copied.
  Symbol NumberKept(absl::string_view text);
  // The pool's copy of `text`.
  absl::string_view Intern(absl::string_view text) {
    return text.empty() ? absl::string_view() : texts_[Number(text)];
  }

  absl::string_view text(Symbol symbol) const { return texts_[symbol]; }
  size_t size() const { return texts_.size(); }

 private:
  struct Hash {
    size_t operator()(absl::string_view text) const;
  };

  template <typename Keep>
  Symbol NumberOf(absl::string_view text, Keep keep);

  Arena* arena_;
  absl::flat_hash_map<absl::string_view, Symbol, Hash> numbers_;
  std::vector<absl::string_view> texts_;
};

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_STRING_POOL_H_

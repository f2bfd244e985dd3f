// Memory that is taken in pieces and given back all at once: what a manifest's
// views point into.
//
// Only for types that need no destructor. Thread contract: thread-compatible.
#ifndef DOPPEL_SERVICE_MANIFEST_ARENA_H_
#define DOPPEL_SERVICE_MANIFEST_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <vector>

#include "absl/strings/string_view.h"

namespace doppel::manifest {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Uninitialised memory; `alignment` is a power of two, at most that of
  // std::max_align_t.
  char* Allocate(size_t size, size_t alignment) {
    const size_t gap = -begin_ & (alignment - 1);
    if (gap + size > left_) return AllocateInNewBlock(size);
    char* place = block_ + begin_ + gap;
    begin_ += gap + size;
    left_ -= gap + size;
    return place;
  }

  absl::string_view Copy(absl::string_view text) {
    if (text.empty()) return {};
    char* place = Allocate(text.size(), 1);
    std::memcpy(place, text.data(), text.size());
    return {place, text.size()};
  }

  template <typename T>
  std::span<const T> CopySpan(std::span<const T> values) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (values.empty()) return {};
    T* place =
        reinterpret_cast<T*>(Allocate(values.size() * sizeof(T), alignof(T)));
    std::uninitialized_copy(values.begin(), values.end(), place);
    return {place, values.size()};
  }

  template <typename T>
  std::span<const T> CopySpan(const std::vector<T>& values) {
    return CopySpan(std::span<const T>(values));
  }

  // A copy of one value.
  template <typename T>
  T* CopyOne(const T& value) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (Allocate(sizeof(T), alignof(T))) T(value);
  }

  // Room for `count` values, of which none is made yet.
  template <typename T>
  T* AllocateFor(size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return reinterpret_cast<T*>(Allocate(count * sizeof(T), alignof(T)));
  }

  // All that it holds, used or not.
  size_t bytes() const { return bytes_; }

 private:
  static constexpr size_t kFirstBlock = 16 * 1024;
  static constexpr size_t kLargestBlock = 1024 * 1024;

  char* AllocateInNewBlock(size_t size) {
    const size_t block = std::max(size, next_block_);
    next_block_ = std::min(next_block_ * 2, kLargestBlock);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block));
    bytes_ += block;
    char* place = blocks_.back().get();
    // Go on in the emptier of the two blocks.
    if (block - size >= left_) {
      block_ = place;
      begin_ = size;
      left_ = block - size;
    }
    return place;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* block_ = nullptr;
  size_t begin_ = 0;
  size_t left_ = 0;
  size_t next_block_ = kFirstBlock;
  size_t bytes_ = 0;
};

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_ARENA_H_

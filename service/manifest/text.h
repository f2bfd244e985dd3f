// The bytes of a manifest as they came, kept where they are: the graph keeps
// places in them (Span) instead of copies.
//
// simdjson reads a little past the end of its input, so a Text is always
// followed by kPadding readable bytes. Thread contract: immutable once made;
// copies share the bytes.
#ifndef DOPPEL_SERVICE_MANIFEST_TEXT_H_
#define DOPPEL_SERVICE_MANIFEST_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"

namespace doppel::manifest {

// A place in a manifest's bytes. Empty where the field is not there.
struct Span {
  uint64_t offset = 0;
  uint32_t size = 0;

  bool empty() const { return size == 0; }
};

class Text {
 public:
  // Readable bytes that must follow the last one.
  static constexpr size_t kPadding = 64;

  Text() = default;

  // A copy of `bytes`, padded.
  static Text Copy(absl::string_view bytes);

  // `bytes`, which `owner` keeps alive and in place. The caller promises that
  // kPadding bytes behind them are readable (a memory map with a page behind,
  // or a larger buffer).
  static Text Borrow(std::shared_ptr<const void> owner,
                     absl::string_view bytes) {
    return Text(std::move(owner), bytes);
  }

  absl::string_view view() const { return view_; }
  size_t size() const { return view_.size(); }

  // The same bytes but the first `size`.
  Text WithoutPrefix(size_t size) const {
    return Text(owner_, view_.substr(size));
  }

  // The bytes of a place in them.
  absl::string_view at(Span span) const {
    return view_.substr(span.offset, span.size);
  }

 private:
  Text(std::shared_ptr<const void> owner, absl::string_view view)
      : owner_(std::move(owner)), view_(view) {}

  std::shared_ptr<const void> owner_;
  absl::string_view view_;
};

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_TEXT_H_

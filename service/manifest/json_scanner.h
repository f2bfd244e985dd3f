// Goes over JSON text byte by byte, without simdjson's index of it: for the
// little that stands around values which are known already.
//
// It knows no more of JSON than it needs: what it refuses may be JSON all the
// same. Thread contract: thread-compatible.
#ifndef DOPPEL_SERVICE_MANIFEST_JSON_SCANNER_H_
#define DOPPEL_SERVICE_MANIFEST_JSON_SCANNER_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"
#include "service/manifest/json_cursor.h"

namespace doppel::manifest {

class JsonScanner {
 public:
  // `text` is kept by reference.
  explicit JsonScanner(absl::string_view text) : text_(text) { SkipSpace(); }

  // What was not passed yet. It begins with no white space.
  size_t offset() const { return at_; }
  absl::string_view rest() const { return text_.substr(at_); }
  bool at_end() const { return at_ == text_.size(); }

  // Past as many bytes.
  void Advance(size_t size) {
    at_ += size;
    SkipSpace();
  }
  // Past that character; false, and nowhere, where another one is next.
  bool Take(char c) {
    if (at_end() || text_[at_] != c) return false;
    Advance(1);
    return true;
  }
  // Past a string of printable ASCII without escapes: what stands between its
  // quotes.
  std::optional<absl::string_view> TakePlainString();

 private:
  void SkipSpace() {
    while (at_ < text_.size() && IsJsonSpace(text_[at_])) ++at_;
  }

  absl::string_view text_;
  size_t at_ = 0;
};

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_JSON_SCANNER_H_

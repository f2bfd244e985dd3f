#include "service/manifest/json_scanner.h"

#include "absl/strings/ascii.h"

namespace doppel::manifest {

std::optional<absl::string_view> JsonScanner::TakePlainString() {
  if (at_end() || text_[at_] != '"') return std::nullopt;
  const size_t begin = at_ + 1;
  size_t end = begin;
  while (end < text_.size() && text_[end] != '"') {
    const auto c = static_cast<unsigned char>(text_[end]);
    if (c == '\\' || !absl::ascii_isprint(c)) return std::nullopt;
    ++end;
  }
  if (end == text_.size()) return std::nullopt;
  Advance(end + 1 - at_);
  return text_.substr(begin, end - begin);
}

}  // namespace doppel::manifest

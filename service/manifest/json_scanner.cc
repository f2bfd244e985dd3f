#include "service/manifest/json_scanner.h"

#include "absl/strings/ascii.h"

namespace doppel::manifest {
namespace {

// Behind the string whose first byte is at `at`; npos where it does not end.
size_t EndOfString(absl::string_view text, size_t at) {
  for (; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return absl::string_view::npos;
}

}  // namespace

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

std::optional<absl::string_view> JsonScanner::TakeContainer() {
  if (at_end() || (text_[at_] != '{' && text_[at_] != '[')) return std::nullopt;
  size_t open = 0;
  size_t at = at_;
  do {
    if (at >= text_.size()) return std::nullopt;
    const char c = text_[at++];
    if (c == '{' || c == '[') {
      ++open;
    } else if (c == '}' || c == ']') {
      --open;
    } else if (c == '"') {
      at = EndOfString(text_, at);
    }
  } while (open > 0);
  const absl::string_view taken = text_.substr(at_, at - at_);
  Advance(taken.size());
  return taken;
}

}  // namespace doppel::manifest

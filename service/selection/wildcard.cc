#include "service/selection/wildcard.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "re2/re2.h"

namespace doppel::selection {
namespace {

// A character with all its bytes.
using Character = absl::string_view;

std::vector<Character> CharactersOf(absl::string_view text) {
  std::vector<Character> characters;
  size_t begin = 0;
  for (size_t i = 1; i <= text.size(); ++i) {
    if (i < text.size() && (text[i] & 0xC0) == 0x80) continue;
    characters.push_back(text.substr(begin, i - begin));
    begin = i;
  }
  return characters;
}

// A set such as "[a-z!]" without its brackets, as an RE2 class. Ranges that are
// the wrong way round match nothing, as in Python.
std::string ClassOf(const std::vector<Character>& set) {
  const bool negated = !set.empty() && set[0] == "!";
  std::string members;
  for (size_t i = negated ? 1 : 0; i < set.size(); ++i) {
    const bool is_range = i + 2 < set.size() && set[i + 1] == "-";
    if (!is_range) {
      absl::StrAppend(&members, RE2::QuoteMeta(std::string(set[i])));
      continue;
    }
    if (set[i] <= set[i + 2]) {
      absl::StrAppend(&members, RE2::QuoteMeta(std::string(set[i])), "-",
                      RE2::QuoteMeta(std::string(set[i + 2])));
    }
    i += 2;
  }
  if (members.empty()) return negated ? "." : "[^\\x00-\\x{10FFFF}]";
  return absl::StrCat(negated ? "[^" : "[", members, "]");
}

// Where the set that begins at `open` closes; 0 where it does not. A "]" right
// behind the "[" or "[!" belongs to the set.
size_t ClosingBracket(const std::vector<Character>& pattern, size_t open) {
  size_t i = open + 1;
  if (i < pattern.size() && pattern[i] == "!") ++i;
  if (i < pattern.size() && pattern[i] == "]") ++i;
  while (i < pattern.size() && pattern[i] != "]") ++i;
  return i < pattern.size() ? i : 0;
}

}  // namespace

bool HasWildcard(absl::string_view text) {
  return text.find_first_of("*?[]") != absl::string_view::npos;
}

std::string WildcardToRegex(absl::string_view text, absl::string_view any) {
  const std::vector<Character> pattern = CharactersOf(text);
  std::string regex;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == "*") {
      absl::StrAppend(&regex, any, "*");
    } else if (pattern[i] == "?") {
      absl::StrAppend(&regex, any);
    } else if (const size_t close =
                   pattern[i] == "[" ? ClosingBracket(pattern, i) : 0;
               close != 0) {
      absl::StrAppend(
          &regex, ClassOf({pattern.begin() + i + 1, pattern.begin() + close}));
      i = close;
    } else {
      absl::StrAppend(&regex, RE2::QuoteMeta(std::string(pattern[i])));
    }
  }
  return regex;
}

Wildcard::Wildcard(absl::string_view pattern) {
  if (pattern.find_first_of("?[") == absl::string_view::npos) {
    pieces_ = absl::StrSplit(pattern, '*');
    return;
  }
  RE2::Options options;
  options.set_dot_nl(true);
  options.set_log_errors(false);
  regex_ = std::make_shared<const RE2>(WildcardToRegex(pattern, "."), options);
}

bool Wildcard::Matches(absl::string_view text) const {
  if (regex_ == nullptr) return MatchesPieces(text);
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *regex_);
}

// The first and the last piece stand at the ends, the others come in their
// order between them.
bool Wildcard::MatchesPieces(absl::string_view text) const {
  if (pieces_.size() == 1) return text == pieces_[0];
  if (!absl::ConsumePrefix(&text, pieces_.front()) ||
      !absl::ConsumeSuffix(&text, pieces_.back())) {
    return false;
  }
  for (size_t i = 1; i + 1 < pieces_.size(); ++i) {
    const size_t at = text.find(pieces_[i]);
    if (at == absl::string_view::npos) return false;
    text.remove_prefix(at + pieces_[i].size());
  }
  return true;
}

}  // namespace doppel::selection

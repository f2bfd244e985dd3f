#include "service/state/jinja_tokens.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace doppel::state {
namespace {

using Kind = JinjaToken::Kind;

constexpr absl::string_view kLongOperators[] = {
    "**", "//", "==", "!=", "<=", ">="};

bool IsNameStart(char c) {
  return absl::ascii_isalpha(c) || c == '_' || (c & 0x80) != 0;
}

bool IsNamePart(char c) { return IsNameStart(c) || absl::ascii_isdigit(c); }

// A number's literal as Python prints its value.
std::string PythonNumber(absl::string_view literal) {
  for (const auto& [prefix, base] :
       {std::pair("0x", 16), std::pair("0o", 8), std::pair("0b", 2)}) {
    uint64_t value = 0;
    if (!absl::StartsWithIgnoreCase(literal, prefix)) continue;
    const char* end = literal.data() + literal.size();
    if (std::from_chars(literal.data() + 2, end, value, base).ptr == end) {
      return absl::StrCat(value);
    }
  }
  double value = 0;
  if (literal.find_first_of(".eE") == absl::string_view::npos ||
      !absl::SimpleAtod(literal, &value)) {
    return std::string(literal);
  }
  char buffer[32];
  const auto written = std::to_chars(buffer, buffer + sizeof(buffer), value);
  std::string text(buffer, written.ptr);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

// Cuts one block's inside. `at` stands behind the opening braces.
class BlockLexer {
 public:
  BlockLexer(absl::string_view text, size_t at, absl::string_view closing)
      : text_(text), at_(at), closing_(closing) {}

  // The tokens up to the closing braces, or none if they never come.
  std::optional<std::vector<JinjaToken>> Run() {
    if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) ++at_;
    while (true) {
      SkipSpace();
      if (at_ >= text_.size()) return std::nullopt;
      if (depth_ == 0 && AtClosing()) return std::move(tokens_);
      if (!Next()) return std::nullopt;
    }
  }

  size_t at() const { return at_; }

 private:
  bool AtClosing() {
    size_t end = at_;
    if (text_[end] == '-' || text_[end] == '+') ++end;
    if (!absl::StartsWith(text_.substr(end), closing_)) return false;
    at_ = end + closing_.size();
    return true;
  }

  void SkipSpace() {
    while (at_ < text_.size() && absl::ascii_isspace(text_[at_])) ++at_;
  }

  bool Next() {
    const char c = text_[at_];
    if (IsNameStart(c)) {
      const size_t begin = at_;
      while (at_ < text_.size() && IsNamePart(text_[at_])) ++at_;
      Add(Kind::kName, std::string(text_.substr(begin, at_ - begin)));
      return true;
    }
    if (absl::ascii_isdigit(c)) return Number();
    if (c == '\'' || c == '"') return String(c);
    return Operator();
  }

  bool Number() {
    const size_t begin = at_;
    SkipDigits();
    if (at_ + 1 < text_.size() && text_[at_] == '.' &&
        absl::ascii_isdigit(text_[at_ + 1])) {
      ++at_;
      SkipDigits();
    }
    // 1e-5: the sign belongs to the number.
    if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+') &&
        absl::ascii_tolower(text_[at_ - 1]) == 'e' &&
        !absl::StartsWith(text_.substr(begin), "0x")) {
      ++at_;
      SkipDigits();
    }
    Add(Kind::kNumber, PythonNumber(absl::StrReplaceAll(
                           text_.substr(begin, at_ - begin), {{"_", ""}})));
    return true;
  }

  // Letters too: 0x1f, 1e5.
  void SkipDigits() {
    while (at_ < text_.size() &&
           (absl::ascii_isalnum(text_[at_]) || text_[at_] == '_')) {
      ++at_;
    }
  }

  bool String(char quote) {
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        AppendEscape(text_[at_], value);
      } else if (absl::StartsWith(text_.substr(at_), "\r\n")) {
        continue;  // jinja2 makes every line end a newline
      } else {
        value += text_[at_];
      }
    }
    if (at_ >= text_.size()) return false;
    ++at_;
    Add(Kind::kString, std::move(value));
    return true;
  }

  static void AppendEscape(char c, std::string& value) {
    constexpr absl::string_view kFrom = "nrtbf0av\\'\"";
    constexpr absl::string_view kTo("\n\r\t\b\f\0\a\v\\'\"", 11);
    const size_t known = kFrom.find(c);
    if (known == absl::string_view::npos) {
      absl::StrAppend(&value, "\\", absl::string_view(&c, 1));
    } else {
      value += kTo[known];
    }
  }

  bool Operator() {
    for (absl::string_view long_operator : kLongOperators) {
      if (absl::StartsWith(text_.substr(at_), long_operator)) {
        at_ += long_operator.size();
        Add(Kind::kOperator, std::string(long_operator));
        return true;
      }
    }
    const char c = text_[at_++];
    if (c == '(' || c == '[' || c == '{') ++depth_;
    if (c == ')' || c == ']' || c == '}') --depth_;
    Add(Kind::kOperator, std::string(1, c));
    return depth_ >= 0;
  }

  void Add(Kind kind, std::string text) {
    tokens_.push_back({kind, std::move(text)});
  }

  absl::string_view text_;
  size_t at_;
  absl::string_view closing_;
  int depth_ = 0;
  std::vector<JinjaToken> tokens_;
};

// Where the next block of any kind opens, or npos.
size_t FindOpening(absl::string_view text, size_t at) {
  while ((at = text.find('{', at)) != absl::string_view::npos) {
    if (at + 1 < text.size() &&
        (text[at + 1] == '{' || text[at + 1] == '%' || text[at + 1] == '#')) {
      return at;
    }
    ++at;
  }
  return at;
}

// Behind the "endraw" of a raw block that begins before `at`.
size_t SkipRaw(absl::string_view text, size_t at) {
  const size_t end = text.find("endraw", at);
  if (end == absl::string_view::npos) return text.size();
  const size_t close = text.find("%}", end);
  return close == absl::string_view::npos ? text.size() : close + 2;
}

}  // namespace

std::vector<JinjaToken> TokenizeJinja(absl::string_view text) {
  std::vector<JinjaToken> tokens;
  size_t at = 0;
  while ((at = FindOpening(text, at)) != absl::string_view::npos) {
    if (text[at + 1] == '#') {
      const size_t end = text.find("#}", at + 2);
      if (end == absl::string_view::npos) break;
      at = end + 2;
      continue;
    }
    BlockLexer lexer(text, at + 2, text[at + 1] == '{' ? "}}" : "%}");
    std::optional<std::vector<JinjaToken>> block = lexer.Run();
    if (!block.has_value()) break;
    const bool raw =
        text[at + 1] == '%' && block->size() == 1 && (*block)[0].text == "raw";
    at = raw ? SkipRaw(text, lexer.at()) : lexer.at();
    std::move(block->begin(), block->end(), std::back_inserter(tokens));
    tokens.push_back({Kind::kBlockEnd, ""});
  }
  return tokens;
}

std::string PythonRepr(absl::string_view text) {
  const bool has_single = absl::StrContains(text, "'");
  const bool has_double = absl::StrContains(text, "\"");
  const char quote = has_single && !has_double ? '"' : '\'';
  std::string repr(1, quote);
  for (char c : text) {
    switch (c) {
      case '\n':
        repr += "\\n";
        break;
      case '\r':
        repr += "\\r";
        break;
      case '\t':
        repr += "\\t";
        break;
      case '\\':
        repr += "\\\\";
        break;
      default:
        if (c == quote) {
          absl::StrAppend(&repr, "\\", absl::string_view(&c, 1));
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          absl::StrAppendFormat(&repr, "\\x%02x", static_cast<int>(c));
        } else {
          repr += c;
        }
    }
  }
  repr += quote;
  return repr;
}

}  // namespace doppel::state

#include "service/dialect/sql_names.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace doppel::dialect {
namespace {

enum class Kind : uint8_t { kWord, kQuoted, kString, kSpace, kOther };

struct Token {
  Kind kind;
  absl::string_view text;
};

bool IsWordByte(char c) {
  return absl::ascii_isalnum(c) || c == '_' || c == '$' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool StartsWord(char c) { return IsWordByte(c) && c != '$'; }

class Lexer {
 public:
  explicit Lexer(absl::string_view sql) : sql_(sql) {}

  std::vector<Token> Run() {
    std::vector<Token> tokens;
    while (at_ < sql_.size()) {
      const size_t begin = at_;
      const Kind kind = Skip();
      tokens.push_back({kind, sql_.substr(begin, at_ - begin)});
    }
    return tokens;
  }

 private:
  char At(size_t place) const {
    return place < sql_.size() ? sql_[place] : '\0';
  }

  Kind Skip() {
    const char c = sql_[at_];
    if (absl::ascii_isspace(c)) return SkipSpace();
    if (c == '-' && At(at_ + 1) == '-') return SkipTo("\n");
    if (c == '/' && At(at_ + 1) == '*') return SkipTo("*/");
    if (c == '"' || c == '`') return SkipQuoted(c, false, Kind::kQuoted);
    if (c == '\'') return SkipQuoted(c, false, Kind::kString);
    if ((c == 'E' || c == 'e') && At(at_ + 1) == '\'') {
      ++at_;
      return SkipQuoted('\'', true, Kind::kString);
    }
    if (c == '$') return SkipDollar();
    if (!StartsWord(c)) {
      ++at_;
      return Kind::kOther;
    }
    while (at_ < sql_.size() && IsWordByte(sql_[at_])) ++at_;
    return Kind::kWord;
  }

  Kind SkipSpace() {
    while (at_ < sql_.size() && absl::ascii_isspace(sql_[at_])) ++at_;
    return Kind::kSpace;
  }

  // A comment, up to and with its end.
  Kind SkipTo(absl::string_view end) {
    const size_t found = sql_.find(end, at_ + 2);
    at_ = found == absl::string_view::npos ? sql_.size() : found + end.size();
    return Kind::kSpace;
  }

  Kind SkipQuoted(char quote, bool escapes, Kind kind) {
    ++at_;
    while (at_ < sql_.size()) {
      const char c = sql_[at_++];
      if (escapes && c == '\\') {
        at_ = std::min(at_ + 1, sql_.size());
      } else if (c == quote) {
        if (At(at_) != quote) return kind;
        ++at_;
      }
    }
    return kind;
  }

  // $tag$ ... $tag$, or a dollar that begins nothing.
  Kind SkipDollar() {
    size_t end = at_ + 1;
    while (end < sql_.size() && IsWordByte(sql_[end]) && sql_[end] != '$') {
      ++end;
    }
    if (At(end) != '$') {
      ++at_;
      return Kind::kOther;
    }
    const absl::string_view tag = sql_.substr(at_, end + 1 - at_);
    const size_t close = sql_.find(tag, end + 1);
    at_ = close == absl::string_view::npos ? sql_.size() : close + tag.size();
    return Kind::kString;
  }

  const absl::string_view sql_;
  size_t at_ = 0;
};

// The name without its quotes.
std::string Plain(const Token& token) {
  if (token.kind == Kind::kWord) return std::string(token.text);
  const char quote = token.text.front();
  absl::string_view inner = token.text.substr(1);
  if (!inner.empty() && inner.back() == quote) inner.remove_suffix(1);
  std::string plain;
  for (size_t i = 0; i < inner.size(); ++i) {
    plain.push_back(inner[i]);
    if (inner[i] == quote && i + 1 < inner.size() && inner[i + 1] == quote) {
      ++i;
    }
  }
  return plain;
}

bool IsName(const Token& token) {
  return (token.kind == Kind::kWord && !absl::ascii_isdigit(token.text[0])) ||
         token.kind == Kind::kQuoted;
}

// The names that stand at `begin` with dots between them.
struct Chain {
  std::vector<std::string> parts;
  std::vector<size_t> ends;  // of each part, after its token
};

size_t AfterSpace(const std::vector<Token>& tokens, size_t at) {
  while (at < tokens.size() && tokens[at].kind == Kind::kSpace) ++at;
  return at;
}

Chain ChainAt(const std::vector<Token>& tokens, size_t begin) {
  Chain chain;
  size_t at = begin;
  while (at < tokens.size() && IsName(tokens[at])) {
    chain.parts.push_back(Plain(tokens[at]));
    chain.ends.push_back(at + 1);
    const size_t dot = AfterSpace(tokens, at + 1);
    if (dot >= tokens.size() || tokens[dot].text != ".") break;
    at = AfterSpace(tokens, dot + 1);
  }
  return chain;
}

}  // namespace

std::string ReplaceNames(absl::string_view sql, const NameMap& map) {
  const std::vector<Token> tokens = Lexer(sql).Run();
  std::string out;
  out.reserve(sql.size());
  size_t at = 0;
  while (at < tokens.size()) {
    if (!IsName(tokens[at])) {
      absl::StrAppend(&out, tokens[at++].text);
      continue;
    }
    const Chain chain = ChainAt(tokens, at);
    const std::optional<Replacement> mapped = map(chain.parts);
    if (mapped.has_value()) {
      out.append(mapped->text);
      at = chain.ends[mapped->parts - 1];
    }
    for (; at < chain.ends.back(); ++at) absl::StrAppend(&out, tokens[at].text);
  }
  return out;
}

std::string CanonicalSql(absl::string_view sql) {
  std::string out;
  for (const Token& token : Lexer(sql).Run()) {
    if (token.kind == Kind::kSpace) continue;
    if (!out.empty()) out.push_back(' ');
    if (IsName(token)) {
      out.append(absl::AsciiStrToLower(Plain(token)));
    } else {
      absl::StrAppend(&out, token.text);
    }
  }
  return out;
}

std::string AfterName(absl::string_view statement) {
  const std::vector<Token> tokens = Lexer(statement).Run();
  for (size_t at = 0; at < tokens.size(); ++at) {
    if (!IsName(tokens[at])) continue;
    const Chain chain = ChainAt(tokens, at);
    if (chain.parts.size() < 2 && tokens[at].kind != Kind::kQuoted) continue;
    std::string rest;
    for (size_t i = chain.ends.back(); i < tokens.size(); ++i) {
      absl::StrAppend(&rest, tokens[i].text);
    }
    absl::string_view trimmed = absl::StripAsciiWhitespace(rest);
    if (!trimmed.empty() && trimmed.back() == ';') trimmed.remove_suffix(1);
    return std::string(absl::StripAsciiWhitespace(trimmed));
  }
  return "";
}

}  // namespace doppel::dialect

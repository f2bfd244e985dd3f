#include "service/dialect/sql_names.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace doppel::dialect {
namespace {

bool IsSpace(const Token& token) {
  return token.kind == TokenKind::kComment ||
         (token.kind == TokenKind::kOther &&
          absl::ascii_isspace(token.text[0]));
}

// The name without its quotes.
std::string Plain(const Token& token) {
  if (token.kind == TokenKind::kWord) return std::string(token.text);
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
  return (token.kind == TokenKind::kWord &&
          !absl::ascii_isdigit(token.text[0])) ||
         token.kind == TokenKind::kQuoted;
}

// The names that stand at `begin` with dots between them.
struct Chain {
  std::vector<std::string> parts;
  std::vector<size_t> ends;  // of each part, after its token
};

size_t AfterSpace(const std::vector<Token>& tokens, size_t at) {
  while (at < tokens.size() && IsSpace(tokens[at])) ++at;
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

std::string ReplaceNames(absl::string_view sql, const NameMap& map,
                         const Lexis& lexis) {
  const std::vector<Token> tokens = Tokenize(sql, lexis);
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

std::string CanonicalSql(absl::string_view sql, const Lexis& lexis) {
  std::string out;
  for (const Token& token : Tokenize(sql, lexis)) {
    if (IsSpace(token)) continue;
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
  const std::vector<Token> tokens = Tokenize(statement, kNameLexis);
  for (size_t at = 0; at < tokens.size(); ++at) {
    if (!IsName(tokens[at])) continue;
    const Chain chain = ChainAt(tokens, at);
    if (chain.parts.size() < 2 && tokens[at].kind != TokenKind::kQuoted)
      continue;
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

#include "service/dialect/sql_text.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace doppel::dialect {
namespace {

struct NamedLexis {
  absl::string_view type;
  Lexis lexis;
};

constexpr Lexis kStandard = {};
constexpr Lexis kSpark = {.string_quotes = "'\"",
                          .identifier_quotes = "`",
                          .backslash_strings = true,
                          .raw_strings = true,
                          .nested_comments = true};
constexpr Lexis kPostgres = {.backslash_e_strings = true,
                             .dollar_quotes = true,
                             .nested_comments = true};
constexpr Lexis kTsql = {.brackets = true, .nested_comments = true};

constexpr NamedLexis kLexes[] = {
    {"athena", kStandard},
    // A raw string ends where one with escapes would.
    {"bigquery",
     {.string_quotes = "'\"",
      .identifier_quotes = "`",
      .backslash_strings = true,
      .backslash_names = true,
      .triple_quotes = true,
      .hash_comments = true}},
    {"clickhouse",
     {.identifier_quotes = "\"`",
      .backslash_strings = true,
      .backslash_names = true,
      .hash_comments = true}},
    {"databricks", kSpark},
    {"duckdb", kPostgres},
    {"fabric", kTsql},
    {"postgres", kPostgres},
    {"redshift", kPostgres},
    {"snowflake",
     {.backslash_strings = true,
      .dollar_quotes = true,
      .slash_comments = true}},
    {"spark", kSpark},
    {"sqlserver", kTsql},
    {"trino", kStandard},
};

bool IsWordByte(char c) {
  return absl::ascii_isalnum(c) || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Tokenizer {
 public:
  Tokenizer(absl::string_view text, const Lexis& lexis)
      : text_(text), lexis_(lexis) {}

  std::vector<Token> Run() {
    while (at_ < text_.size()) {
      const size_t begin = at_;
      const TokenKind kind = Next();
      at_ = std::min(at_, text_.size());
      tokens_.push_back({kind, text_.substr(begin, at_ - begin)});
    }
    return std::move(tokens_);
  }

 private:
  absl::string_view rest() const { return text_.substr(at_); }
  bool Sees(absl::string_view what) const {
    return absl::StartsWith(rest(), what);
  }

  // Goes past the next token.
  TokenKind Next() {
    const char c = text_[at_];
    if (SkipComment()) return TokenKind::kComment;
    if (lexis_.dollar_quotes && c == '$' && SkipDollarQuoted()) {
      return TokenKind::kString;
    }
    if (absl::StrContains(lexis_.string_quotes, c)) {
      SkipString(c);
      return TokenKind::kString;
    }
    if (absl::StrContains(lexis_.identifier_quotes, c)) {
      SkipQuoted(c, lexis_.backslash_names);
      return TokenKind::kQuoted;
    }
    if (lexis_.brackets && c == '[') {
      SkipQuoted(']', false);
      return TokenKind::kQuoted;
    }
    if (!IsWordByte(c)) {
      ++at_;
      return TokenKind::kOther;
    }
    while (at_ < text_.size() && IsWordByte(text_[at_])) ++at_;
    return TokenKind::kWord;
  }

  bool SkipComment() {
    if (Sees("/*")) {
      SkipBlockComment();
      return true;
    }
    const bool begins = Sees("--") || (lexis_.hash_comments && Sees("#")) ||
                        (lexis_.slash_comments && Sees("//"));
    if (!begins) return false;
    const size_t end = text_.find('\n', at_);
    at_ = end == absl::string_view::npos ? text_.size() : end;
    return true;
  }

  void SkipBlockComment() {
    int depth = 0;
    do {
      if (Sees("*/")) {
        --depth;
        at_ += 2;
      } else if (Sees("/*") && (depth == 0 || lexis_.nested_comments)) {
        ++depth;
        at_ += 2;
      } else {
        ++at_;
      }
    } while (depth > 0 && at_ < text_.size());
  }

  // $$ and $tag$, whose tag is no number.
  bool SkipDollarQuoted() {
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != '$' && IsWordByte(text_[end])) {
      ++end;
    }
    if (end >= text_.size() || text_[end] != '$') return false;
    if (end > at_ + 1 && absl::ascii_isdigit(text_[at_ + 1])) return false;
    const absl::string_view quote = text_.substr(at_, end + 1 - at_);
    const size_t close = text_.find(quote, end + 1);
    at_ =
        close == absl::string_view::npos ? text_.size() : close + quote.size();
    return true;
  }

  void SkipString(char quote) {
    const char triple[] = {quote, quote, quote, '\0'};
    if (lexis_.triple_quotes && Sees(triple)) {
      at_ += 3;
      while (at_ < text_.size() && !Sees(triple)) {
        at_ += text_[at_] == '\\' ? 2 : 1;
      }
      at_ += 3;
      return;
    }
    SkipQuoted(quote, HasBackslashes());
  }

  // Of the string that begins here: its prefix is the token before it.
  bool HasBackslashes() const {
    const absl::string_view prefix =
        tokens_.empty() || tokens_.back().kind != TokenKind::kWord
            ? ""
            : tokens_.back().text;
    if (lexis_.raw_strings && absl::EqualsIgnoreCase(prefix, "r")) return false;
    return lexis_.backslash_strings ||
           (lexis_.backslash_e_strings && absl::EqualsIgnoreCase(prefix, "e"));
  }

  // Past the opening and the closing quote, of which two stand for one.
  void SkipQuoted(char close, bool has_backslashes) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (has_backslashes && text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == close) {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != close) break;
        ++at_;
      }
    }
    ++at_;
  }

  const absl::string_view text_;
  const Lexis& lexis_;
  size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

const Lexis& LexisOf(absl::string_view adapter_type) {
  for (const NamedLexis& named : kLexes) {
    if (named.type == adapter_type) return named.lexis;
  }
  return kStandard;
}

std::vector<Token> Tokenize(absl::string_view text, const Lexis& lexis) {
  return Tokenizer(text, lexis).Run();
}

}  // namespace doppel::dialect

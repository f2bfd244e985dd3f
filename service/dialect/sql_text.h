// SQL text in tokens, as far as is needed to tell names from what only looks
// like them: comments and string literals. It is not parsed.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_DIALECT_SQL_TEXT_H_
#define DOPPEL_SERVICE_DIALECT_SQL_TEXT_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace doppel::dialect {

// How a warehouse writes what is no code. A doubled quote stands for one in
// every string and quoted identifier.
struct Lexis {
  absl::string_view string_quotes = "'";
  absl::string_view identifier_quotes = "\"";
  bool brackets = false;             // [x] is an identifier
  bool backslash_strings = false;    // a backslash escapes in strings
  bool backslash_names = false;      // and in quoted identifiers
  bool backslash_e_strings = false;  // in e'...' alone
  bool raw_strings = false;          // but never in r'...'
  bool triple_quotes = false;        // '''...'''
  bool dollar_quotes = false;        // $tag$...$tag$
  bool nested_comments = false;
  bool hash_comments = false;   // # ... end of the line
  bool slash_comments = false;  // // ... end of the line
};

// That of dbt's adapter type; standard SQL's for one that is not known.
const Lexis& LexisOf(absl::string_view adapter_type);

enum class TokenKind : uint8_t {
  kWord,    // letters, digits, "_", "$" and all that is not ASCII
  kQuoted,  // a quoted identifier
  kString,
  kComment,
  kOther,  // one character
};

struct Token {
  TokenKind kind = TokenKind::kOther;
  absl::string_view text;
};

// All of the text, without a gap. What is opened and never closed goes on to
// the end.
std::vector<Token> Tokenize(absl::string_view text, const Lexis& lexis);

}  // namespace doppel::dialect

#endif  // DOPPEL_SERVICE_DIALECT_SQL_TEXT_H_

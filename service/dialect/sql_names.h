// Names in the text of a statement, as a catalog keeps it: found outside of
// strings and comments, and given others in their place. No parser: it knows
// words, quotes, strings, comments and dots, and nothing of SQL's grammar.
//
// Where no other rules are given, takes "x" and `x` as quoted names, 'x' (with
// '' and, after E, with backslashes), $tag$x$tag$ as strings, -- and /* */ as
// comments: DuckDB's, PostgreSQL's and ClickHouse's rules.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_DIALECT_SQL_NAMES_H_
#define DOPPEL_SERVICE_DIALECT_SQL_NAMES_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "service/dialect/sql_text.h"

namespace doppel::dialect {

// A name in the text: what stands for its first `parts` parts from now on.
struct Replacement {
  size_t parts = 0;
  std::string text;
};

// Says what becomes of a name, by its parts without their quotes; none leaves
// it as it is.
using NameMap =
    std::function<std::optional<Replacement>(std::span<const std::string>)>;

inline constexpr Lexis kNameLexis = {.identifier_quotes = "\"`",
                                     .backslash_e_strings = true,
                                     .dollar_quotes = true};

// The text with each name mapped.
std::string ReplaceNames(absl::string_view sql, const NameMap& map,
                         const Lexis& lexis = kNameLexis);

// The text in a form that is equal for texts that differ in spaces, comments,
// the case of words and needless quotes alone.
std::string CanonicalSql(absl::string_view sql,
                         const Lexis& lexis = kNameLexis);

// What follows the first name of several parts, or the first quoted one, in a
// statement such as `CREATE VIEW a.b AS SELECT 1;`: without a semicolon at the
// end. "" where there is no such name.
std::string AfterName(absl::string_view statement);

}  // namespace doppel::dialect

#endif  // DOPPEL_SERVICE_DIALECT_SQL_NAMES_H_

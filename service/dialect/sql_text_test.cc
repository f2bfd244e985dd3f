#include "service/dialect/sql_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/dialect/dialect.h"

namespace doppel::dialect {
namespace {

// The text with "s", "c" and "q" for each string, comment and quoted
// identifier; the rest as it is.
std::string Outline(absl::string_view type, absl::string_view text) {
  std::string outline;
  std::string whole;
  for (const Token& token : Tokenize(text, LexisOf(type))) {
    absl::StrAppend(&whole, token.text);
    switch (token.kind) {
      case TokenKind::kString:
        outline.append("<s>");
        break;
      case TokenKind::kComment:
        outline.append("<c>");
        break;
      case TokenKind::kQuoted:
        outline.append("<q>");
        break;
      default:
        absl::StrAppend(&outline, token.text);
    }
  }
  EXPECT_EQ(whole, text);
  return outline;
}

struct Case {
  const char* type;
  const char* text;
  const char* outline;
};

class TokenizeTest : public testing::TestWithParam<Case> {};

TEST_P(TokenizeTest, TellsNamesFromStringsAndComments) {
  EXPECT_EQ(Outline(GetParam().type, GetParam().text), GetParam().outline);
}

INSTANTIATE_TEST_SUITE_P(
    Standard, TokenizeTest,
    testing::Values(Case{"trino", "a.\"b\"\"c\" 'd''e' f", "a.<q> <s> f"},
                    Case{"trino", "a -- 'b\nc", "a <c>\nc"},
                    Case{"trino", "a /* /* */ b", "a <c> b"},
                    Case{"trino", "'\\' b", "<s> b"},
                    Case{"trino", "'-- a' /* ' */ b", "<s> <c> b"},
                    Case{"trino", "a 'never closed", "a <s>"},
                    Case{"trino", "a \"never closed", "a <q>"},
                    Case{"trino", "a /* never closed", "a <c>"},
                    Case{"trino", "a - b / c", "a - b / c"},
                    Case{"trino", "", ""}, Case{"nobody's", "'a' b", "<s> b"}));

INSTANTIATE_TEST_SUITE_P(
    Dialects, TokenizeTest,
    testing::Values(
        Case{"postgres", "e'\\'' a '\\' b", "e<s> a <s> b"},
        Case{"postgres", "$$ ' $$ a $x$ $$ $x$ b $1 c", "<s> a <s> b $1 c"},
        Case{"postgres", "/* /* */ ' */ a", "<c> a"},
        Case{"duckdb", "E'\\'' a $t$ ' $t$", "E<s> a <s>"},
        Case{"redshift", "$$ ' $$ a", "<s> a"},
        Case{"snowflake", "'\\'' a // '\nb $$ ' $$", "<s> a <c>\nb <s>"},
        Case{"snowflake", "$1 a", "$1 a"},
        Case{"bigquery", "\"a\" 'b\\'' `c\\`` # '\nd", "<s> <s> <q> <c>\nd"},
        Case{"bigquery", "'''a ' '' b''' c \"\"\"\"d\"\"\" e", "<s> c <s> e"},
        Case{"bigquery", "r'\\'' a", "r<s> a"},
        Case{"bigquery", "'' a", "<s> a"},
        Case{"databricks", "\"a\" `b``c` 'd\\'' e", "<s> <q> <s> e"},
        Case{"databricks", "r'\\' a", "r<s> a"},
        Case{"spark", "/* /* */ ' */ a", "<c> a"},
        Case{"clickhouse", "\"a\" `b\\`` 'c\\'' # '\nd", "<q> <q> <s> <c>\nd"},
        Case{"fabric", "[a]]b] \"c\" N'd' e", "<q> <q> N<s> e"},
        Case{"sqlserver", "/* /* */ ' */ [a'] b", "<c> <q> b"},
        Case{"athena", "\"a\" 'b' c", "<q> <s> c"}));

TEST(TokenizeTest, QuotesIdentifiersAsTheDialectDoes) {
  for (const Dialect* dialect : AllDialects()) {
    for (const char* const name : {"a b", "a\"b", "a`b", "a]b", "a'b", "a\\b",
                                   "--", "/*", "$$", "a\\", "ü"}) {
      const std::string quoted = dialect->QuoteIdentifier(name);
      const std::vector<Token> tokens =
          Tokenize(quoted, LexisOf(dialect->type()));
      ASSERT_EQ(tokens.size(), 1u) << dialect->type() << " " << quoted;
      EXPECT_EQ(tokens[0].kind, TokenKind::kQuoted) << quoted;
    }
  }
}

}  // namespace
}  // namespace doppel::dialect

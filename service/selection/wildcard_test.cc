#include "service/selection/wildcard.h"

#include <gtest/gtest.h>

namespace doppel::selection {
namespace {

struct Case {
  const char* pattern;
  const char* text;
  bool matches;
};

// What Python's fnmatch.fnmatchcase answers.
TEST(WildcardTest, AnswersAsPythonsFnmatch) {
  const Case kCases[] = {
      {"abc", "abc", true},   {"abc", "ABC", false},
      {"abc", "abcd", false}, {"*", "", true},
      {"a*", "a/b.c", true},  {"*c", "a/b.c", true},
      {"a?c", "abc", true},   {"a?c", "ac", false},
      {"?", "ü", true},       {"a*b*c", "a-b-b-c", true},
      {"[abc]", "b", true},   {"[a-c]", "d", false},
      {"[!a-c]", "d", true},  {"[!a-c]", "b", false},
      {"[]a]", "]", true},    {"[!]a]", "]", false},
      {"[!]a]", "b", true},   {"[a-]", "-", true},
      {"[-a]", "-", true},    {"[^a]", "a", true},
      {"[^a]", "^", true},    {"[^a]", "b", false},
      {"[z-a]", "z", false},  {"[!z-a]", "z", true},
      {"[a-c-e]", "-", true}, {"[a-c-e]", "d", false},
      {"[", "[", true},       {"a[", "a[", true},
      {"[!]", "[!]", true},   {"[]", "[]", true},
      {"]", "]", true},       {"[\\]", "\\", true},
      {"[[]", "[", true},     {"[ä-ü]", "ö", true},
      {"[ä-ü]", "z", false},  {"a.c", "abc", false},
      {"(a|b)", "a", false},  {"(a|b)", "(a|b)", true},
      {"a\\*", "a\\x", true}, {"*\n*", "a\nb", true},
      {"a*b", "a\nb", true},  {"**", "x", true},
      {"[&&a]", "&", true},   {"[a~~b]", "~", true},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Wildcard(c.pattern).Matches(c.text), c.matches)
        << c.pattern << " on " << c.text;
  }
}

TEST(WildcardTest, KnowsWhatIsAWildcard) {
  EXPECT_TRUE(HasWildcard("a*"));
  EXPECT_TRUE(HasWildcard("a]"));
  EXPECT_FALSE(HasWildcard("a!-.^"));
}

}  // namespace
}  // namespace doppel::selection

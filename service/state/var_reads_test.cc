#include "service/state/var_reads.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace doppel::state {
namespace {

using Names = std::set<std::string>;

TEST(VarsReadTest, FindsCallsInEveryKindOfBlock) {
  EXPECT_EQ(VarsRead("select {{ var('a') }}, {{ var(\"b\", 3) | int }}\n"
                     "{% if var('c', none) is none %}{% endif %}"),
            (Names{"a", "b", "c"}));
}

TEST(VarsReadTest, AsksForAVariableToo) {
  EXPECT_EQ(VarsRead("{{ var.has_var('a') }}"), Names{"a"});
}

TEST(VarsReadTest, IsNotMisledByWhatOnlyLooksLikeACall) {
  EXPECT_EQ(VarsRead("select var('a') {# {{ var('b') }} #} -- var"), Names{});
  EXPECT_EQ(VarsRead("{{ variance('a') }} {{ env_var('A') }}"), Names{});
  EXPECT_EQ(VarsRead("{% raw %}{{ var('a') }}{% endraw %}"), Names{});
}

TEST(VarsReadTest, AComputedNameIsTheEmptyOne) {
  EXPECT_EQ(VarsRead("{{ var(name) }} {{ var('a' ~ b) }}"), Names{""});
}

}  // namespace
}  // namespace doppel::state

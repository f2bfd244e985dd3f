#include "service/clone/reach.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"

namespace doppel::clone {
namespace {

std::string WhyNot(absl::string_view type, const RelationName& name) {
  return WhyNoName(**dialect::FindDialect(type), name);
}

TEST(WhyNoNameTest, RefusesWhatNoWarehouseHas) {
  for (const dialect::Dialect* dialect : dialect::AllDialects()) {
    EXPECT_EQ(WhyNoName(*dialect, {"db", "s", "a\"b`c]d;e"}), "");
    EXPECT_EQ(WhyNoName(*dialect, {"", "s", "a"}), "");
    EXPECT_NE(WhyNoName(*dialect, {"db", "", "a"}), "");
    EXPECT_NE(WhyNoName(*dialect, {"db", "s", ""}), "");
    EXPECT_NE(WhyNoName(*dialect, {"db", "s", std::string("a\0b", 3)}), "");
    EXPECT_NE(WhyNoName(*dialect, {std::string(1, '\0'), "s", "a"}), "");
  }
}

// There `a.b` is b of a, even in quotes.
TEST(WhyNoNameTest, RefusesADotWhereItEndsAName) {
  EXPECT_EQ(WhyNot("snowflake", {"db", "s", "a.b"}), "");
  EXPECT_NE(WhyNot("bigquery", {"db", "s", "a.b"}), "");
  EXPECT_NE(WhyNot("bigquery", {"db", "s.t", "a"}), "");
  EXPECT_EQ(WhyNot("bigquery", {"example.com:db", "s", "a"}), "");
}

}  // namespace
}  // namespace doppel::clone

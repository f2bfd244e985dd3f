#include "service/dialect/sql_names.h"

#include <optional>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace doppel::dialect {
namespace {

// staging.orders becomes "prod"."orders", in whatever database.
std::optional<Replacement> Promoted(std::span<const std::string> parts) {
  for (size_t skip = 0; skip + 1 < parts.size() && skip < 2; ++skip) {
    if (parts[skip] == "staging" && parts[skip + 1] == "orders") {
      return Replacement{skip + 2, "\"prod\".\"orders\""};
    }
  }
  return std::nullopt;
}

struct Case {
  const char* name;
  const char* sql;
  const char* expected;
};

class ReplaceNamesTest : public testing::TestWithParam<Case> {};

TEST_P(ReplaceNamesTest, ReplacesNamesAndNothingElse) {
  EXPECT_EQ(ReplaceNames(GetParam().sql, Promoted), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, ReplaceNamesTest,
    testing::Values(
        Case{"Plain", "select * from staging.orders o",
             "select * from \"prod\".\"orders\" o"},
        Case{"Quoted", "from \"db\".\"staging\".\"orders\"",
             "from \"prod\".\"orders\""},
        Case{"Backticks", "from `staging`.`orders`",
             "from \"prod\".\"orders\""},
        Case{"Column", "staging.orders.id", "\"prod\".\"orders\".id"},
        Case{"SpacesAroundDots", "from staging . orders x",
             "from \"prod\".\"orders\" x"},
        Case{"LongerName", "from staging.orders_2", "from staging.orders_2"},
        Case{"String", "'staging.orders' || E'\\' staging.orders'",
             "'staging.orders' || E'\\' staging.orders'"},
        Case{"DoubledQuote", "'it''s staging.orders', staging.orders",
             "'it''s staging.orders', \"prod\".\"orders\""},
        Case{"Dollars", "$a$staging.orders$a$", "$a$staging.orders$a$"},
        Case{"Comments",
             "-- staging.orders\n/* staging.orders */ staging.orders",
             "-- staging.orders\n/* staging.orders */ \"prod\".\"orders\""},
        Case{"EndlessString", "'staging.orders", "'staging.orders"},
        Case{"Numbers", "1.5, 2.staging", "1.5, 2.staging"}),
    [](const auto& info) { return info.param.name; });

TEST(CanonicalSqlTest, IsEqualWhereNothingOfMeaningDiffers) {
  EXPECT_EQ(CanonicalSql("SELECT  \"a\" -- x\nFROM B"),
            CanonicalSql("select A from \"b\""));
  EXPECT_NE(CanonicalSql("select 'A'"), CanonicalSql("select 'a'"));
  EXPECT_NE(CanonicalSql("select a b"), CanonicalSql("select ab"));
}

TEST(AfterNameTest, GivesWhatTheRelationIsMadeOf) {
  EXPECT_EQ(AfterName("CREATE VIEW prod.mart (a) AS SELECT 1;"),
            "(a) AS SELECT 1");
  EXPECT_EQ(AfterName("CREATE TABLE db.prod.\"a b\"(id INTEGER);"),
            "(id INTEGER)");
  EXPECT_EQ(AfterName("CREATE VIEW \"mart\" AS SELECT a.b FROM a;"),
            "AS SELECT a.b FROM a");
  EXPECT_EQ(AfterName("select 1"), "");
}

TEST(ReplaceNamesTest, FollowsTheRulesOfTheWarehouse) {
  const NameMap to_prod =
      [](std::span<const std::string> parts) -> std::optional<Replacement> {
    if (parts.size() < 2 || parts[0] != "blue") return std::nullopt;
    return Replacement{1, "prod"};
  };
  EXPECT_EQ(ReplaceNames(R"(select 'it\'s blue.a', "blue.b" from blue.c)",
                         to_prod, LexisOf("spark")),
            R"(select 'it\'s blue.a', "blue.b" from prod.c)");
}

}  // namespace
}  // namespace doppel::dialect

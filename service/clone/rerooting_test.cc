#include "service/clone/rerooting.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace doppel::clone {
namespace {

using dialect::LexisOf;

const std::vector<Reroute> kRoutes = {
    {R"("db"."prod"."a")", R"("db"."dev"."a")"},
    {R"("db"."prod"."b")", R"("db"."dev"."b")"}};

std::string Query(absl::string_view query) {
  return Reroot(query, kRoutes, LexisOf("postgres")).query;
}

std::vector<Mention> Mentions(absl::string_view query) {
  return Reroot(query, kRoutes, LexisOf("postgres")).mentions;
}

TEST(RerootingTest, ReplacesEachName) {
  EXPECT_EQ(Query(R"(select "db"."prod"."a".id from "db"."prod"."a" join)"
                  R"("db"."prod"."b"using(id))"),
            R"(select "db"."dev"."a".id from "db"."dev"."a" join)"
            R"("db"."dev"."b"using(id))");
}

TEST(RerootingTest, LeavesOtherNamesAlone) {
  for (const char* const query :
       {R"(select 1 from "db"."prod"."ab")",
        R"(select 1 from "db"."prod"."a""b")",
        R"(select 1 from "x"."db"."prod"."a")",
        R"(select 1 from "DB"."prod"."a")",
        R"(select 1 from "db" . "prod"."a")", R"(select 1 from db.prod.a)",
        R"(select 1 from "prod"."a")", R"(select """db"".""prod"".""a""")"}) {
    EXPECT_EQ(Query(query), query);
    EXPECT_EQ(Mentions(query),
              (std::vector<Mention>{Mention::kNone, Mention::kNone}))
        << query;
  }
}

TEST(RerootingTest, LeavesStringsAndCommentsAlone) {
  const std::string query = R"(select '"db"."prod"."a"' -- "db"."prod"."b")"
                            "\n"
                            R"(/* "db"."prod"."a" */)";
  EXPECT_EQ(Query(query), query);
  EXPECT_EQ(Mentions(query),
            (std::vector<Mention>{Mention::kString, Mention::kComment}));
}

TEST(RerootingTest, KnowsWhatIsCodeAsWell) {
  EXPECT_EQ(Mentions(R"(select '"db"."prod"."a"' from "db"."prod"."a" )"
                     R"(where $$"db"."prod"."b"$$ <> '')"),
            (std::vector<Mention>{Mention::kCode, Mention::kString}));
}

TEST(RerootingTest, TakesTheLongestName) {
  const std::vector<Reroute> routes = {{"prod.a", "dev.a"},
                                       {"prod.a.b", "dev.a.b"}};
  EXPECT_EQ(Reroot("from prod.a.b, prod.a, xprod.a, prod.ab, y.prod.a", routes,
                   LexisOf("spark"))
                .query,
            "from dev.a.b, dev.a, xprod.a, prod.ab, y.prod.a");
}

TEST(RerootingTest, ReadsTheDialectsQuotes) {
  EXPECT_EQ(Reroot("select \"`p`.`d`.`a`\", '\\'' from `p`.`d`.`a` # `p`.`d`",
                   std::vector<Reroute>{{"`p`.`d`.`a`", "`p`.`dev`.`a`"}},
                   LexisOf("bigquery"))
                .query,
            "select \"`p`.`d`.`a`\", '\\'' from `p`.`dev`.`a` # `p`.`d`");
  EXPECT_EQ(
      Reroot("select N'[d].[a]' from [d].[a]",
             std::vector<Reroute>{{"[d].[a]", "[dev].[a]"}}, LexisOf("fabric"))
          .query,
      "select N'[d].[a]' from [dev].[a]");
}

TEST(RerootingTest, PutsInWhatWouldBeReplacedAgain) {
  const std::vector<Reroute> swapped = {{"p.a", "p.b"}, {"p.b", "p.a"}};
  EXPECT_EQ(Reroot("from p.a, p.b", swapped, LexisOf("spark")).query,
            "from p.b, p.a");
}

}  // namespace
}  // namespace doppel::clone

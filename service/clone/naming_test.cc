#include "service/clone/naming.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "service/base/error.h"

namespace doppel::clone {
namespace {

NamingRule Rule(const std::string& schema_pattern, const std::string& schema,
                const std::string& identifier = "") {
  NamingRule rule;
  rule.schema_pattern = schema_pattern;
  rule.schema = schema;
  rule.identifier = identifier;
  return rule;
}

absl::StatusOr<Naming> Make(const std::vector<NamingRule>& rules) {
  return Naming::Make(rules);
}

TEST(NamingTest, TheFirstRuleWhosePatternsMatchTheWholeNameWins) {
  const auto naming = Make({Rule("prod_.*", "bi_{schema}"), Rule("prod", "bi"),
                            Rule("other|more", "bi", "{schema}_{identifier}")});
  ASSERT_TRUE(naming.ok()) << naming.status();
  EXPECT_EQ(naming->NameFor({"db", "prod_raw", "a"}),
            (RelationName{"db", "bi_prod_raw", "a"}));
  EXPECT_EQ(naming->NameFor({"db", "prod", "a"}),
            (RelationName{"db", "bi", "a"}));
  EXPECT_EQ(naming->NameFor({"db", "more", "a"}),
            (RelationName{"db", "bi", "more_a"}));
  EXPECT_EQ(naming->NameFor({"db", "reprod", "a"}), std::nullopt);
}

TEST(NamingTest, WhatARuleLeavesOutStaysTheSources) {
  const auto naming = Make({NamingRule()});
  EXPECT_EQ(naming->NameFor({"db", "prod", "a"}),
            (RelationName{"db", "prod", "a"}));
}

TEST(NamingTest, APlaceholderInASourcesNameIsText) {
  const auto naming = Make({Rule("", "bi_{schema}")});
  EXPECT_EQ(naming->NameFor({"db", "{database}", "a"})->schema,
            "bi_{database}");
}

TEST(NamingTest, RejectsABadRuleAndNamesRuleAndField) {
  NamingRule bad_database;
  bad_database.database_pattern = "(";
  const struct {
    NamingRule rule;
    std::string place;
  } cases[] = {
      {Rule("[", ""), "naming.rules[1].schema_pattern"},
      {bad_database, "naming.rules[1].database_pattern"},
      {Rule("", "{schemata}"), "naming.rules[1].schema"},
      {Rule("", "", "x{"), "naming.rules[1].identifier"},
      {Rule("", std::string("a\0b", 3)), "naming.rules[1].schema"},
  };
  for (const auto& [rule, place] : cases) {
    const absl::Status status = Make({Rule("prod", "bi"), rule}).status();
    EXPECT_EQ(GetReason(status), Reason::kNamingRuleInvalid);
    EXPECT_TRUE(absl::StartsWith(status.message(), place + ": ")) << status;
    EXPECT_EQ(GetErrorDetails(status)->fields[0].field, place);
  }
  EXPECT_EQ(GetReason(Make({}).status()), Reason::kNamingRuleInvalid);
}

}  // namespace
}  // namespace doppel::clone

#include "service/state/mutes.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "service/base/error.h"

namespace doppel::state {
namespace {

Cause Make(CauseKind kind, const std::string& subject) {
  Cause cause;
  cause.kind = kind;
  cause.subject = subject;
  return cause;
}

bool Covers(const std::string& mute, const Cause& cause,
            absl::string_view adapter = "redshift") {
  return Mutes::Parse({mute}, "mutes")->Cover(cause, adapter);
}

TEST(MutesTest, NoneCoverNothing) {
  EXPECT_TRUE(Mutes().empty());
  EXPECT_FALSE(Mutes().Cover(Make(CauseKind::kBody, ""), "duckdb"));
}

TEST(MutesTest, AKindCoversAllOfItsCauses) {
  EXPECT_TRUE(Covers("config", Make(CauseKind::kConfig, "meta")));
  EXPECT_FALSE(Covers("config", Make(CauseKind::kRelation, "schema")));
}

TEST(MutesTest, ASubjectIsMatchedWhole) {
  EXPECT_TRUE(Covers("config:meta", Make(CauseKind::kConfig, "meta")));
  EXPECT_FALSE(Covers("config:meta", Make(CauseKind::kConfig, "metadata")));
  EXPECT_FALSE(Covers("config:", Make(CauseKind::kConfig, "meta")));
  EXPECT_TRUE(Covers("persisted_description:",
                     Make(CauseKind::kPersistedDescription, "")));
}

TEST(MutesTest, AStarStandsForAnyText) {
  const Cause cause = Make(CauseKind::kMacro, "macro.shop.clean_name");
  EXPECT_TRUE(Covers("macro:macro.shop.*", cause));
  EXPECT_TRUE(Covers("macro:*clean*", cause));
  EXPECT_TRUE(Covers("macro:macro.*.clean_*", cause));
  EXPECT_FALSE(Covers("macro:macro.shop", cause));
  EXPECT_FALSE(Covers("macro:*.clean", cause));
  EXPECT_FALSE(Covers("macro:macro.shop.clean_name*e", cause));
}

TEST(MutesTest, DbtsMacrosAreThoseOfDbtAndTheAdaptersFamily) {
  for (const char* own : {"macro.dbt.create_view_as", "macro.dbt_redshift.x",
                          "macro.dbt_postgres.x"}) {
    EXPECT_TRUE(Covers("dbt_macros", Make(CauseKind::kMacro, own))) << own;
  }
  for (const char* other :
       {"macro.dbt_utils.star", "macro.shop.dbt", "macro.dbt_snowflake.x"}) {
    EXPECT_FALSE(Covers("dbt_macros", Make(CauseKind::kMacro, other))) << other;
  }
}

TEST(MutesTest, EnvironmentConfigIsWhatOnlyRendersApart) {
  Cause cause = Make(CauseKind::kConfig, "database");
  EXPECT_FALSE(Covers("environment_config", cause));
  cause.from_environment = true;
  EXPECT_TRUE(Covers("environment_config", cause));
}

TEST(MutesTest, AnUnknownMuteIsRefusedWithWhatIsKnown) {
  const auto mutes = Mutes::Parse({"macro", "colour:red"}, "mutes");
  EXPECT_EQ(GetReason(mutes.status()), Reason::kInvalidArgument);
  EXPECT_EQ(mutes.status().message(),
            "mutes: \"colour:red\" is no cause; expected one of dbt_macros, "
            "environment_config, new, body, config, persisted_description, "
            "relation, fqn, macro, contract, field, var, the kinds perhaps "
            "with a subject as in \"config:meta\" or \"macro:macro.shop.*\"");
}

}  // namespace
}  // namespace doppel::state

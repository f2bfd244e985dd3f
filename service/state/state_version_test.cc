#include "service/state/state_version.h"

#include <gtest/gtest.h>

#include <string>

#include "service/state/test_manifest.h"

namespace doppel::state {
namespace {

bool Refuses(absl::string_view dbt_version, int schema_version) {
  const auto manifest =
      TestManifest({{"manifest/v12.json",
                     "manifest/v" + std::to_string(schema_version) + ".json"}});
  return StateVersionWarning(*manifest, dbt_version).has_value();
}

TEST(StateVersionTest, DbtReadsFromV4ToItsOwn) {
  for (int version = 4; version <= 12; ++version) {
    EXPECT_FALSE(Refuses("", version)) << version;
    EXPECT_FALSE(Refuses("1.8.10", version)) << version;
  }
  EXPECT_TRUE(Refuses("", 3));
  EXPECT_TRUE(Refuses("1.12", 1));
}

TEST(StateVersionTest, DbtRefusesWhatANewerOneWrote) {
  EXPECT_FALSE(Refuses("1.7", 11));
  EXPECT_TRUE(Refuses("1.7", 12));
  EXPECT_FALSE(Refuses("1.0", 4));
  EXPECT_TRUE(Refuses("1.0", 5));
}

TEST(StateVersionTest, BeforeOneDbtReadsItsOwnAlone) {
  EXPECT_FALSE(Refuses("0.20", 2));
  EXPECT_TRUE(Refuses("0.20", 1));
  EXPECT_TRUE(Refuses("0.20", 4));
}

TEST(StateVersionTest, SaysWhatIsReadInstead) {
  const auto manifest =
      TestManifest({{"manifest/v12.json", "manifest/v3.json"}});
  EXPECT_EQ(StateVersionWarning(*manifest, "1.11")->message,
            "The state is a manifest of schema version v3, which dbt 1.11 "
            "refuses: it reads v4 to v12. doppel read it and answers all the "
            "same");
}

}  // namespace
}  // namespace doppel::state

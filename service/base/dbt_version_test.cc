#include "service/base/dbt_version.h"

#include <gtest/gtest.h>

namespace doppel {
namespace {

TEST(DbtVersionTest, ComparesNumberByNumber) {
  EXPECT_LT(DbtVersionOf("1.9.4"), DbtVersionOf("1.10.0"));
  EXPECT_LT(DbtVersionOf("1.11.7"), DbtVersionOf("1.11.16"));
  EXPECT_LT(DbtVersionOf("1.12.6"), DbtVersionOf("2.0.0-alpha.4"));
  EXPECT_EQ(DbtVersionOf("1.8.0b2"), (DbtVersion{1, 8, 0}));
}

TEST(DbtVersionTest, WithoutItsPatchIsTheLastPatch) {
  EXPECT_GT(DbtVersionOf("1.11"), DbtVersionOf("1.11.16"));
  EXPECT_LT(DbtVersionOf("1.11"), DbtVersionOf("1.12.0"));
}

TEST(DbtVersionTest, NoVersionIsTheNewest) {
  for (const char* text : {"", "newest", "1", "1.x", "v1.2"}) {
    EXPECT_EQ(DbtVersionOf(text), DbtVersion()) << text;
    EXPECT_GT(DbtVersionOf(text), DbtVersionOf("2.0.0")) << text;
  }
}

}  // namespace
}  // namespace doppel

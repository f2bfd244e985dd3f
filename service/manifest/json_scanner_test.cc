#include "service/manifest/json_scanner.h"

#include <gtest/gtest.h>

namespace doppel::manifest {
namespace {

TEST(JsonScannerTest, GoesOverMembers) {
  JsonScanner scanner(" { \"a\" : [\"]\", {\"\\\"}\": 1}] , \"b\": {} } ");
  EXPECT_TRUE(scanner.Take('{'));
  EXPECT_EQ(scanner.TakePlainString(), "a");
  EXPECT_TRUE(scanner.Take(':'));
  EXPECT_EQ(scanner.TakeContainer(), "[\"]\", {\"\\\"}\": 1}]");
  EXPECT_FALSE(scanner.Take(':'));
  EXPECT_TRUE(scanner.Take(','));
  EXPECT_EQ(scanner.offset(), 29u);
  EXPECT_EQ(scanner.TakePlainString(), "b");
  EXPECT_EQ(scanner.rest(), ": {} } ");
  scanner.Advance(4);
  EXPECT_FALSE(scanner.at_end());
  EXPECT_TRUE(scanner.Take('}'));
  EXPECT_TRUE(scanner.at_end());
  EXPECT_FALSE(scanner.Take('}'));
}

TEST(JsonScannerTest, RefusesStringsThatAreNotPlain) {
  for (absl::string_view text :
       {"", "a", "\"", "\"a", "\"\\\"\"", "\"\xc3\xa4\"", "\"\n\""}) {
    EXPECT_FALSE(JsonScanner(text).TakePlainString().has_value()) << text;
  }
  EXPECT_EQ(JsonScanner("\"\"").TakePlainString(), "");
}

TEST(JsonScannerTest, RefusesWhatIsNoContainer) {
  for (absl::string_view text :
       {"", "1", "\"{}\"", "}", "{", "[{}", "{\"", "[\"\\", "[\"]"}) {
    EXPECT_FALSE(JsonScanner(text).TakeContainer().has_value()) << text;
  }
}

}  // namespace
}  // namespace doppel::manifest

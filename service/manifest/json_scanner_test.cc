#include "service/manifest/json_scanner.h"

#include <gtest/gtest.h>

namespace doppel::manifest {
namespace {

TEST(JsonScannerTest, GoesOverWhatStandsAroundValues) {
  JsonScanner scanner(" { \"a b\" : [1] , \"c\": {} } ");
  EXPECT_TRUE(scanner.Take('{'));
  EXPECT_EQ(scanner.TakePlainString(), "a b");
  EXPECT_TRUE(scanner.Take(':'));
  EXPECT_FALSE(scanner.Take(','));
  EXPECT_EQ(scanner.offset(), 11u);
  scanner.Advance(3);
  EXPECT_TRUE(scanner.Take(','));
  EXPECT_EQ(scanner.TakePlainString(), "c");
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

}  // namespace
}  // namespace doppel::manifest

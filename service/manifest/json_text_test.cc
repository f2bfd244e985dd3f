#include "service/manifest/json_text.h"

#include <gtest/gtest.h>

#include <string>

namespace doppel::manifest {
namespace {

TEST(UnescaperTest, LeavesPlainTextWhereItIs) {
  Unescaper unescaper;
  const std::string text = "plain";
  EXPECT_EQ(unescaper.Unescape(text)->data(), text.data());
}

TEST(UnescaperTest, UndoesEveryEscape) {
  Unescaper unescaper;
  EXPECT_EQ(unescaper.Unescape(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(unescaper.Unescape(R"(a\u0041\u00e9\u20AC\ud83d\ude00z)"),
            "aA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z");
  EXPECT_EQ(unescaper.Unescape(R"(\u0000)"), absl::string_view("\0", 1));
}

TEST(UnescaperTest, LoneSurrogatesAreReplaced) {
  Unescaper unescaper;
  EXPECT_EQ(unescaper.Unescape(R"(\ud83d)"), "\xef\xbf\xbd");
  EXPECT_EQ(unescaper.Unescape(R"(\ud83d\n)"), "\xef\xbf\xbd\n");
  EXPECT_EQ(unescaper.Unescape(R"(\ude00x)"), "\xef\xbf\xbdx");
  EXPECT_EQ(unescaper.Unescape(R"(\ud83d\u0041)"),
            "\xef\xbf\xbd"
            "A");
}

TEST(UnescaperTest, RefusesWhatIsNoEscape) {
  Unescaper unescaper;
  for (const char* raw : {"\\", "\\x", "\\u", "\\u12", "\\u12g4", "a\\u123"}) {
    EXPECT_FALSE(unescaper.Unescape(raw).has_value()) << raw;
  }
}

TEST(LocateOffsetTest, CountsLinesAndCodePoints) {
  const absl::string_view text =
      "ab\nc\xc3\xa9"
      "d";
  EXPECT_EQ(LocateOffset(text, 0).line, 1u);
  EXPECT_EQ(LocateOffset(text, 0).column, 1u);
  EXPECT_EQ(LocateOffset(text, 6).line, 2u);
  EXPECT_EQ(LocateOffset(text, 6).column, 3u);
}

TEST(IsBlankTest, IsAsPythonsStrip) {
  EXPECT_TRUE(IsBlank(""));
  EXPECT_TRUE(IsBlank(" \n\t\r\f\v"));
  EXPECT_FALSE(IsBlank(" x "));
}

}  // namespace
}  // namespace doppel::manifest

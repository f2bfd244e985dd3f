#include "service/manifest/json_cursor.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/manifest/text.h"

namespace doppel::manifest {
namespace {

using Kind = JsonCursor::Kind;

// What Skip() finds of a value, and whether nothing is left behind it.
JsonCursor::Code CodeOf(absl::string_view json, size_t max_depth = 100) {
  const Text text = Text::Copy(json);
  JsonCursor cursor(text.view());
  if (const auto code = cursor.Start()) return code;
  if (const auto code = cursor.Skip(0, max_depth)) return code;
  if (cursor.error()) return cursor.error();
  return cursor.at_end() ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
}

TEST(JsonCursorTest, GoesFromTokenToToken) {
  const Text text = Text::Copy(R"( {"a" : [1.5 , "x\"y" ],"b":null } )");
  JsonCursor cursor(text.view());
  ASSERT_EQ(cursor.Start(), simdjson::SUCCESS);
  EXPECT_EQ(cursor.kind(), Kind::kObject);
  EXPECT_TRUE(cursor.Take('{'));
  EXPECT_EQ(cursor.StringBytes(), "a");
  cursor.Advance();
  EXPECT_FALSE(cursor.Take('['));
  EXPECT_TRUE(cursor.Take(':'));
  const char* const place = cursor.place();
  EXPECT_TRUE(cursor.Take('['));
  EXPECT_EQ(cursor.kind(), Kind::kNumber);
  EXPECT_EQ(cursor.Scalar(), "1.5");
  cursor.Advance();
  EXPECT_TRUE(cursor.Take(','));
  EXPECT_EQ(cursor.StringBytes(), "x\\\"y");
  cursor.Advance();
  EXPECT_TRUE(cursor.Take(']'));
  EXPECT_EQ(SizeOfPassed(place, cursor), 15u);
  ASSERT_EQ(cursor.Start(place), simdjson::SUCCESS);
  absl::string_view raw;
  EXPECT_EQ(cursor.SkipByBrackets(&raw), simdjson::SUCCESS);
  EXPECT_EQ(raw, R"([1.5 , "x\"y" ])");
  EXPECT_TRUE(cursor.Take(','));
  cursor.Advance();
  EXPECT_TRUE(cursor.Take(':'));
  EXPECT_EQ(cursor.kind(), Kind::kNull);
  cursor.Advance();
  EXPECT_FALSE(cursor.at_end());
  EXPECT_TRUE(cursor.Take('}'));
  EXPECT_TRUE(cursor.at_end());
  EXPECT_EQ(cursor.Peek(), '\0');
  EXPECT_EQ(cursor.kind(), Kind::kNone);
}

TEST(JsonCursorTest, SkipsWhatIsJson) {
  for (const char* json : {"{}", "[]", "0", "-0.5e+7", "true", "false", "null",
                           "\"\"", R"([[], {}, "a", {"b": [1, 2], "c": null}])",
                           "123456789012345678901234567890"}) {
    EXPECT_EQ(CodeOf(json), simdjson::SUCCESS) << json;
  }
}

TEST(JsonCursorTest, RefusesWhatIsNot) {
  for (const char* json :
       {"[1,]",       "[,1]",        "[1 2]", "{\"a\" 1}", "{\"a\":}",
        "{\"a\":1,}", "{a:1}",       "{1:2}", "[",         "{",
        "]",          "[}",          "{]",    "nul",       "nullx",
        "truefalse",  "[tru]",       "01",    "1.",        ".5",
        "+1",         "1e",          "-",     "NaN",       "\"a",
        "[\"a\"x]",   "\"a\" \"b\"", "{} {}", "\"\n\"",    "\"\xff\"",
        "\"a\\"}) {
    EXPECT_NE(CodeOf(json), simdjson::SUCCESS) << json;
  }
}

TEST(JsonCursorTest, DepthIsLimited) {
  EXPECT_EQ(CodeOf("[[[1]]]", 3), simdjson::SUCCESS);
  EXPECT_EQ(CodeOf("[[[1]]]", 2), simdjson::DEPTH_ERROR);
  EXPECT_EQ(CodeOf("{\"a\": {}}", 1), simdjson::DEPTH_ERROR);
}

// The strings of a long array, as the cursor finds them.
std::vector<std::string> StringsOf(absl::string_view json) {
  const Text text = Text::Copy(json);
  JsonCursor cursor(text.view());
  std::vector<std::string> strings;
  EXPECT_EQ(cursor.Start(), simdjson::SUCCESS);
  EXPECT_TRUE(cursor.Take('['));
  do {
    EXPECT_EQ(cursor.kind(), Kind::kString);
    strings.emplace_back(cursor.StringBytes());
    cursor.Advance();
  } while (cursor.Take(','));
  EXPECT_TRUE(cursor.Take(']'));
  EXPECT_TRUE(cursor.at_end() && !cursor.error());
  return strings;
}

TEST(JsonCursorTest, ALongTextIsReadInPieces) {
  // Of strings that end with a comma, a piece must not end in one; a string may
  // be longer than a piece.
  const std::string long_string(300'000, 'x');
  for (const std::string& between :
       {std::string(","), std::string(" ,\n "), std::string(",\t")}) {
    std::vector<std::string> strings;
    std::string json = "[";
    for (int i = 0; i < 40'000; ++i) {
      strings.push_back(
          absl::StrCat(i, i % 3 == 0 ? ", " : "", i % 5 == 0 ? "," : ""));
      if (i == 20'000) strings.back() = long_string;
      absl::StrAppend(&json, i == 0 ? "" : between, "\"", strings.back(), "\"");
    }
    EXPECT_EQ(StringsOf(json + "]"), strings);
  }
}

TEST(JsonCursorTest, AStringThatOnlyLooksLikeABoundaryIsNoBoundary) {
  std::vector<std::string> strings(60'000, ",");
  std::string json = "[\",\"";
  for (size_t i = 1; i < strings.size(); ++i) json += ",\",\"";
  EXPECT_EQ(StringsOf(json + "]"), strings);
}

TEST(JsonCursorTest, GoesBackAndForthBetweenPieces) {
  std::string json = "[";
  for (int i = 0; i < 60'000; ++i) {
    absl::StrAppend(&json, i == 0 ? "" : ", ", "[\"", 100'000 + i, "\"]");
  }
  json += "]";
  const Text text = Text::Copy(json);
  JsonCursor cursor(text.view());
  for (size_t i : {0u, 59'999u, 30'000u, 30'001u, 1u, 59'998u}) {
    ASSERT_EQ(cursor.Start(text.view().data() + 1 + i * 12), simdjson::SUCCESS);
    absl::string_view raw;
    ASSERT_EQ(cursor.SkipByBrackets(&raw), simdjson::SUCCESS);
    EXPECT_EQ(raw, absl::StrCat("[\"", 100'000 + i, "\"]"));
  }
}

TEST(JsonCursorTest, AFaultInALaterPieceIsFound) {
  std::string json = "[\"a\"";
  for (int i = 0; i < 60'000; ++i) json += ", \"b\"";
  EXPECT_EQ(CodeOf(json + "]"), simdjson::SUCCESS);
  EXPECT_NE(CodeOf(json + ", \"\xff\"]"), simdjson::SUCCESS);
  EXPECT_NE(CodeOf(json + ", \"c]"), simdjson::SUCCESS);
  EXPECT_NE(CodeOf(json), simdjson::SUCCESS);
}

}  // namespace
}  // namespace doppel::manifest

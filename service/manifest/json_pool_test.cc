#include "service/manifest/json_pool.h"

#include <gtest/gtest.h>

#include "service/manifest/json_cursor.h"
#include "service/manifest/text.h"

namespace doppel::manifest {
namespace {

class JsonPoolTest : public testing::Test {
 protected:
  // The value of a JSON text, or nullptr.
  const JsonValue* Read(absl::string_view json, size_t max_depth = 100) {
    const Text text = Text::Copy(json);
    JsonCursor cursor(text.view());
    const JsonValue* read = nullptr;
    code_ = cursor.Start();
    if (!code_) code_ = pool_.Read(cursor, 1, max_depth, &read);
    return code_ ? nullptr : read;
  }
  bool Equal(absl::string_view a, absl::string_view b) {
    return *Read(a) == *Read(b);
  }

  Arena arena_;
  StringPool strings_{&arena_};
  JsonPool pool_{&arena_, &strings_};
  simdjson::error_code code_ = simdjson::SUCCESS;
};

TEST_F(JsonPoolTest, ReadsEveryKind) {
  const JsonValue* v = Read(
      R"({"o": {}, "a": [1, "x"], "s": "\u00e9", "i": -3, "d": 1.5,
          "t": true, "f": false, "n": null})");
  ASSERT_NE(v, nullptr);
  EXPECT_TRUE(v->Find("o")->is_object());
  EXPECT_EQ(v->Find("a")->elements().size(), 2u);
  EXPECT_EQ(v->Find("s")->string_value(), "\xc3\xa9");
  EXPECT_EQ(v->Find("i")->integer_value(), -3);
  EXPECT_EQ(v->Find("d")->double_value(), 1.5);
  EXPECT_TRUE(v->Find("t")->bool_value());
  EXPECT_FALSE(v->Find("f")->bool_value());
  EXPECT_TRUE(v->Find("n")->is_null());
  EXPECT_EQ(v->Find("zz"), nullptr);
  EXPECT_EQ(v->ToJson(),
            "{\"a\":[1,\"x\"],\"d\":1.5,\"f\":false,\"i\":-3,\"n\":null,"
            "\"o\":{},\"s\":\"\xc3\xa9\",\"t\":true}");
}

TEST_F(JsonPoolTest, EqualityIsPythons) {
  EXPECT_TRUE(Equal(R"({"a": 1, "b": [2]})", R"({"b":[2],"a":1.0})"));
  EXPECT_TRUE(Equal("1", "1.0"));
  EXPECT_TRUE(Equal("1", "true"));
  EXPECT_TRUE(Equal("0", "false"));
  EXPECT_TRUE(Equal("0", "-0.0"));
  EXPECT_TRUE(Equal(R"("\u00e9")", "\"\xc3\xa9\""));
  EXPECT_FALSE(Equal("1", "\"1\""));
  EXPECT_FALSE(Equal("null", "false"));
  EXPECT_FALSE(Equal("null", "\"\""));
  EXPECT_FALSE(Equal("[]", "{}"));
  EXPECT_FALSE(Equal("[1, 2]", "[2, 1]"));
  EXPECT_FALSE(Equal(R"({"a": null})", "{}"));
  EXPECT_FALSE(Equal("9007199254740993", "9007199254740992"));
  EXPECT_TRUE(Equal("12345678901234567890123", "12345678901234567890123"));
  EXPECT_FALSE(Equal("12345678901234567890123", "12345678901234567890124"));
}

TEST_F(JsonPoolTest, OfTwoEqualKeysTheLastCounts) {
  EXPECT_TRUE(Equal(R"({"a": 1, "b": 2, "a": 3})", R"({"a": 3, "b": 2})"));
}

TEST_F(JsonPoolTest, EqualTextsAreReadOnce) {
  const JsonValue* first = Read(R"({"materialized": "view"})");
  const size_t bytes = arena_.bytes();
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(Read(R"({"materialized": "view"})"), first);
  }
  EXPECT_EQ(arena_.bytes(), bytes);
}

TEST_F(JsonPoolTest, NullsMayCountAsMissing) {
  EXPECT_EQ(FingerprintWithoutNulls(*Read(R"({"a": {"b": null}, "c": [1]})")),
            FingerprintWithoutNulls(*Read(R"({"a": {}, "c": [1], "d":null})")));
  EXPECT_NE(FingerprintWithoutNulls(*Read("[null]")),
            FingerprintWithoutNulls(*Read("[]")));
}

TEST_F(JsonPoolTest, TruthIsPythons) {
  for (const char* json : {"null", "false", "0", "0.0", "\"\"", "[]", "{}"}) {
    EXPECT_FALSE(Read(json)->Truthy()) << json;
  }
  for (const char* json : {"true", "1", "-0.5", "\"0\"", "[0]", "{\"a\":0}"}) {
    EXPECT_TRUE(Read(json)->Truthy()) << json;
  }
}

TEST_F(JsonPoolTest, TextIsPythons) {
  EXPECT_EQ(Read("true")->ToString(), "True");
  EXPECT_EQ(Read("null")->ToString(), "None");
  EXPECT_EQ(Read("1")->ToString(), "1");
  EXPECT_EQ(Read("1.0")->ToString(), "1.0");
  EXPECT_EQ(Read("0.1")->ToString(), "0.1");
  EXPECT_EQ(Read("\"x\"")->ToString(), "x");
  EXPECT_EQ(Read(R"(["a\n\u0001\""])")->ToString(), R"(["a\n\u0001\""])");
}

TEST_F(JsonPoolTest, DepthIsLimited) {
  EXPECT_NE(Read("[[1]]", 3), nullptr);
  EXPECT_EQ(Read("[[[1]]]", 3), nullptr);
  EXPECT_EQ(code_, simdjson::DEPTH_ERROR);
  // The same text, where less depth is left.
  EXPECT_EQ(Read("[[1]]", 2), nullptr);
}

TEST_F(JsonPoolTest, BrokenValuesAreErrors) {
  for (const char* json : {"[1,]", "{\"a\" 1}", "[tru]", "[01]", "[\"\\x\"]",
                           "[1 2]", "{\"a\":}", "nul"}) {
    EXPECT_EQ(Read(json), nullptr) << json;
  }
}

}  // namespace
}  // namespace doppel::manifest

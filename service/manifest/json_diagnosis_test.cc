#include "service/manifest/json_diagnosis.h"

#include <gtest/gtest.h>

#include <string>

namespace doppel::manifest {
namespace {

using Kind = JsonFault::Kind;

TEST(DiagnoseJsonTest, FindsNothingInJson) {
  for (const char* text :
       {"{}", "[]", " {\"a\": [1, -0.5e+3, true, false, null, \"\\u00e9\"]}\n",
        "\"\xf0\x9f\x98\x80\"", "0"}) {
    EXPECT_EQ(DiagnoseJson(text, 10).kind, Kind::kNone) << text;
  }
}

struct Fault {
  std::string text;
  Kind kind;
  size_t offset;
  std::string expected;
};

TEST(DiagnoseJsonTest, NamesTheFirstFault) {
  const Fault faults[] = {
      {"", Kind::kTruncated, 0, "a JSON value"},
      {"{\"a\"", Kind::kTruncated, 4, "':' behind the key"},
      {"{\"a\": 1", Kind::kTruncated, 7, "',' or '}'"},
      {"[1", Kind::kTruncated, 2, "',' or ']'"},
      {"\"abc", Kind::kTruncated, 4, "'\"' at the end of a string"},
      {"tru", Kind::kTruncated, 3, "\"true\""},
      {"-", Kind::kTruncated, 1, "a digit"},
      {"{a: 1}", Kind::kBroken, 1, "a key in double quotes"},
      {"{\"a\": 1,}", Kind::kBroken, 8, "a key in double quotes"},
      {"[1,]", Kind::kBroken, 3, "a JSON value"},
      {"[1 2]", Kind::kBroken, 3, "',' or ']'"},
      {"[01]", Kind::kBroken, 2, "',' or ']'"},
      {"[1.]", Kind::kBroken, 3, "a digit"},
      {"[.5]", Kind::kBroken, 1, "a JSON value"},
      {"['a']", Kind::kBroken, 1, "a JSON value"},
      {"[\"\xc3\"]", Kind::kBroken, 2, "UTF-8"},
      {"[\"\xed\xa0\x80\"]", Kind::kBroken, 2, "UTF-8"},
      {"[\"\xc0\xaf\"]", Kind::kBroken, 2, "UTF-8"},
  };
  for (const Fault& fault : faults) {
    const JsonFault found = DiagnoseJson(fault.text, 10);
    EXPECT_EQ(found.kind, fault.kind) << fault.text;
    EXPECT_EQ(found.offset, fault.offset) << fault.text;
    EXPECT_EQ(found.expected, fault.expected) << fault.text;
  }
}

TEST(DiagnoseJsonTest, CountsDepth) {
  EXPECT_EQ(DiagnoseJson("[{\"a\": []}]", 3).kind, Kind::kNone);
  const JsonFault fault = DiagnoseJson("[{\"a\": []}]", 2);
  EXPECT_EQ(fault.kind, Kind::kTooDeep);
  EXPECT_EQ(fault.offset, 7u);
}

}  // namespace
}  // namespace doppel::manifest

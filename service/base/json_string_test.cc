#include "service/base/json_string.h"

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace doppel {
namespace {

TEST(JsonStringTest, EscapesWhatJsonWants) {
  EXPECT_EQ(JsonString("a\"b\\c\n\t\r"), R"("a\"b\\c\n\t\r")");
  EXPECT_EQ(JsonString(absl::string_view("\0\x1f", 2)), R"("\u0000\u001f")");
}

TEST(JsonStringTest, KeepsUtf8AndReplacesOtherBytes) {
  EXPECT_EQ(JsonString("größe 表"), "\"größe 表\"");
  EXPECT_EQ(JsonString("a\xff"
                       "b"),
            R"("a\ufffdb")");
  EXPECT_EQ(JsonString("cut \xe8\xa1"), R"("cut \ufffd\ufffd")");
}

}  // namespace
}  // namespace doppel

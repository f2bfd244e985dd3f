#include "service/manifest/python_numbers.h"

#include <gtest/gtest.h>

namespace doppel::manifest {
namespace {

TEST(PythonNumbersTest, BecomeStringsOfTheSameLength) {
  EXPECT_EQ(WithoutPythonNumbers(R"({"a": [NaN, Infinity,-Infinity], "b": 1})"),
            R"({"a": ["n", "Infini","-Infini"], "b": 1})");
}

TEST(PythonNumbersTest, AreNotLookedForInStrings) {
  EXPECT_EQ(WithoutPythonNumbers(R"({"NaN": "say \"NaN\" \\", "x": NaN})"),
            R"({"NaN": "say \"NaN\" \\", "x": "n"})");
  EXPECT_EQ(WithoutPythonNumbers(R"({"NaN": "\\\"Infinity"})"), std::nullopt);
}

TEST(PythonNumbersTest, TakesTextThatEndsAnywhere) {
  EXPECT_EQ(WithoutPythonNumbers(""), std::nullopt);
  EXPECT_EQ(WithoutPythonNumbers("\"NaN"), std::nullopt);
  EXPECT_EQ(WithoutPythonNumbers("\"\\"), std::nullopt);
  EXPECT_EQ(WithoutPythonNumbers("[NaN"), "[\"n\"");
}

}  // namespace
}  // namespace doppel::manifest

#include "service/warehouse/adbc/arrow_text.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "arrow-adbc/adbc.h"
#include "gtest/gtest.h"
#include "service/base/error.h"

namespace doppel::warehouse::adbc {
namespace {

using Values = std::vector<std::optional<std::string>>;

// A result of one column, "c", whose buffers the test owns.
class Column {
 public:
  Column(const char* format, std::vector<const void*> buffers, int64_t length)
      : buffers_(std::move(buffers)) {
    schema_.format = format;
    schema_.name = "c";
    schemas_[0] = &schema_;
    root_schema_.n_children = 1;
    root_schema_.children = schemas_;
    array_.length = length;
    array_.null_count = -1;
    array_.n_buffers = static_cast<int64_t>(buffers_.size());
    array_.buffers = buffers_.data();
    arrays_[0] = &array_;
    root_.length = length;
    root_.n_children = 1;
    root_.children = arrays_;
  }

  ArrowArray& array() { return array_; }
  ArrowArray& root() { return root_; }

  Values Read() {
    Rows rows;
    EXPECT_TRUE(ReadSchema(root_schema_, &rows).ok());
    EXPECT_EQ(rows.columns, std::vector<std::string>{"c"});
    const absl::Status status = AppendBatch(root_schema_, root_, &rows);
    EXPECT_TRUE(status.ok()) << status;
    Values values;
    for (const auto& row : rows.rows) values.push_back(row.at(0));
    return values;
  }

  absl::Status ReadSchemaOnly() {
    Rows rows;
    return ReadSchema(root_schema_, &rows);
  }

 private:
  std::vector<const void*> buffers_;
  ArrowSchema schema_{};
  ArrowSchema root_schema_{};
  ArrowSchema* schemas_[1];
  ArrowArray array_{};
  ArrowArray root_{};
  ArrowArray* arrays_[1];
};

template <typename T>
Values ReadAll(const char* format, const std::vector<T>& values) {
  return Column(format, {nullptr, values.data()},
                static_cast<int64_t>(values.size()))
      .Read();
}

TEST(ArrowTextTest, ReadsText) {
  const int32_t offsets[] = {0, 1, 1, 4};
  const int64_t large[] = {0, 1, 1, 4};
  const char text[] = "abcd";
  const Values expected = {"a", "", "bcd"};

  EXPECT_EQ(Column("u", {nullptr, offsets, text}, 3).Read(), expected);
  EXPECT_EQ(Column("U", {nullptr, large, text}, 3).Read(), expected);
}

TEST(ArrowTextTest, ReadsTextViews) {
  const std::string beside = "__a text that does not fit";
  char views[3 * 16] = {};
  const int32_t lengths[] = {12, 24, 0};
  const int32_t place[] = {1, 2};  // the second buffer, behind "__"
  for (int i = 0; i < 3; ++i) std::memcpy(views + i * 16, &lengths[i], 4);
  std::memcpy(views + 4, "twelve bytes", 12);
  std::memcpy(views + 16 + 4, "a te", 4);
  std::memcpy(views + 16 + 8, place, 8);

  EXPECT_EQ(Column("vu", {nullptr, views, "other", beside.data()}, 3).Read(),
            (Values{"twelve bytes", "a text that does not fit", ""}));
}

TEST(ArrowTextTest, ReadsWholeNumbers) {
  EXPECT_EQ(ReadAll<int8_t>("c", {-128, 127}), (Values{"-128", "127"}));
  EXPECT_EQ(ReadAll<uint8_t>("C", {255}), Values{"255"});
  EXPECT_EQ(ReadAll<int16_t>("s", {-32768}), Values{"-32768"});
  EXPECT_EQ(ReadAll<uint16_t>("S", {65535}), Values{"65535"});
  EXPECT_EQ(ReadAll<int32_t>("i", {INT32_MIN}), Values{"-2147483648"});
  EXPECT_EQ(ReadAll<uint32_t>("I", {UINT32_MAX}), Values{"4294967295"});
  EXPECT_EQ(ReadAll<int64_t>("l", {INT64_MIN}), Values{"-9223372036854775808"});
  EXPECT_EQ(ReadAll<uint64_t>("L", {UINT64_MAX}),
            Values{"18446744073709551615"});
}

TEST(ArrowTextTest, ReadsFloatingNumbersExactly) {
  EXPECT_EQ(ReadAll<float>("f", {0.5f}), Values{"0.5"});
  const Values values = ReadAll<double>("g", {0.1, -1e300});
  EXPECT_EQ(std::stod(*values[0]), 0.1);
  EXPECT_EQ(std::stod(*values[1]), -1e300);
}

TEST(ArrowTextTest, ReadsDecimals) {
  const std::vector<uint64_t> values = {
      12345, 0, static_cast<uint64_t>(-5), ~uint64_t{0}, 0, 1};

  EXPECT_EQ(Column("d:38,2", {nullptr, values.data()}, 3).Read(),
            (Values{"123.45", "-0.05", "184467440737095516.16"}));
  EXPECT_EQ(Column("d:38,0", {nullptr, values.data()}, 2).Read(),
            (Values{"12345", "-5"}));
}

TEST(ArrowTextTest, ReadsDatesAndTimes) {
  EXPECT_EQ(ReadAll<int32_t>("tdD", {0, -1, 19782}),
            (Values{"1970-01-01", "1969-12-31", "2024-02-29"}));
  EXPECT_EQ(ReadAll<int64_t>("tss:", {0}), Values{"1970-01-01 00:00:00"});
  EXPECT_EQ(ReadAll<int64_t>("tsm:", {1}), Values{"1970-01-01 00:00:00.001"});
  EXPECT_EQ(ReadAll<int64_t>("tsu:UTC", {-1}),
            Values{"1969-12-31 23:59:59.999999"});
  EXPECT_EQ(ReadAll<int64_t>("tsn:", {1'000'000'001}),
            Values{"1970-01-01 00:00:01.000000001"});
}

TEST(ArrowTextTest, ReadsBooleansAndNulls) {
  const uint8_t valid = 0b011;
  const uint8_t bits = 0b101;

  EXPECT_EQ(Column("b", {&valid, &bits}, 3).Read(),
            (Values{"true", "false", std::nullopt}));
  EXPECT_EQ(Column("n", {}, 2).Read(), (Values{std::nullopt, std::nullopt}));
}

TEST(ArrowTextTest, CountsOffsetsOfColumnAndBatch) {
  const uint8_t valid = 0b10111;
  const int32_t values[] = {0, 1, 2, 3, 4};
  Column column("i", {&valid, values}, 2);
  column.array().offset = 1;
  column.root().offset = 2;

  EXPECT_EQ(column.Read(), (Values{std::nullopt, "4"}));
}

TEST(ArrowTextTest, SaysWhichColumnItCannotRead) {
  for (const char* format : {"tin", "+l", "z", "ttu", "d:76,2,256", "?"}) {
    const absl::Status status = Column(format, {}, 0).ReadSchemaOnly();

    EXPECT_EQ(GetReason(status), Reason::kWarehouseStatementFailed) << format;
    EXPECT_TRUE(absl::StrContains(status.message(), "\"c\"")) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), format)) << status;
  }
}

}  // namespace
}  // namespace doppel::warehouse::adbc

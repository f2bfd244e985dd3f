#include "service/warehouse/spark_connect/arrow_ipc.h"

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "flatbuffers/flatbuffers.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/warehouse/spark_connect/arrow_generated.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::spark_connect {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using Values = std::vector<std::optional<std::string>>;

template <typename T>
std::string Bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()),
          values.size() * sizeof(T)};
}

// A message and its body, as a stream has them.
std::string Framed(FlatBufferBuilder& builder, arrow::MessageHeader type,
                   Offset<void> header, const std::string& body) {
  builder.Finish(arrow::CreateMessage(builder, arrow::MetadataVersion_V5, type,
                                      header,
                                      static_cast<int64_t>(body.size())));
  std::string metadata(
      reinterpret_cast<const char*>(builder.GetBufferPointer()),
      builder.GetSize());
  metadata.resize((metadata.size() + 7) / 8 * 8);
  return Bytes<uint32_t>({0xFFFFFFFF, static_cast<uint32_t>(metadata.size())}) +
         metadata + body;
}

std::string End() { return Bytes<uint32_t>({0xFFFFFFFF, 0}); }

// A schema of "n", a whole number, and "t", text.
std::string SchemaMessage(arrow::Type second = arrow::Type_Utf8) {
  FlatBufferBuilder builder;
  const auto number = arrow::CreateField(
      builder, builder.CreateString("n"), true, arrow::Type_Int,
      arrow::CreateInt(builder, 32, true).Union());
  const Offset<void> type = second == arrow::Type_Utf8
                                ? arrow::CreateUtf8(builder).Union()
                                : arrow::CreateTime(builder).Union();
  const auto text = arrow::CreateField(builder, builder.CreateString("t"), true,
                                       second, type);
  const auto schema = arrow::CreateSchema(
      builder, arrow::Endianness_Little,
      builder.CreateVector(std::vector<Offset<arrow::Field>>{number, text}));
  return Framed(builder, arrow::MessageHeader_Schema, schema.Union(), "");
}

// The parts of a batch, which a test may spoil.
struct Batch {
  int64_t length = 2;
  std::vector<arrow::FieldNode> nodes = {{2, 1}, {2, 0}};
  std::vector<std::string> buffers = {std::string(1, '\1'),
                                      Bytes<int32_t>({7, 8}), "",
                                      Bytes<int32_t>({0, 2, 5}), "abcde"};
};

std::string BatchMessage(const Batch& batch) {
  FlatBufferBuilder builder;
  std::string body;
  std::vector<arrow::Buffer> places;
  for (const std::string& buffer : batch.buffers) {
    places.emplace_back(static_cast<int64_t>(body.size()),
                        static_cast<int64_t>(buffer.size()));
    body += buffer;
    body.resize((body.size() + 7) / 8 * 8);
  }
  const auto header = arrow::CreateRecordBatch(
      builder, batch.length, builder.CreateVectorOfStructs(batch.nodes),
      builder.CreateVectorOfStructs(places));
  return Framed(builder, arrow::MessageHeader_RecordBatch, header.Union(),
                body);
}

void ExpectBroken(const std::string& stream, absl::string_view what) {
  Rows rows;
  const absl::Status status = AppendStream(stream, &rows);
  EXPECT_EQ(GetReason(status), Reason::kWarehouseStatementFailed) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), what)) << status;
}

TEST(ArrowIpc, ReadsBatches) {
  const std::string stream =
      SchemaMessage() + BatchMessage({}) + BatchMessage({}) + End();
  Rows rows;

  ASSERT_TRUE(AppendStream(stream, &rows).ok());

  EXPECT_EQ(rows.columns, (std::vector<std::string>{"n", "t"}));
  const std::vector<Values> once = {{"7", "ab"}, {std::nullopt, "cde"}};
  ASSERT_EQ(rows.rows.size(), 4u);
  EXPECT_EQ(rows.rows[0], once[0]);
  EXPECT_EQ(rows.rows[3], once[1]);
}

TEST(ArrowIpc, AppendsToWhatIsThere) {
  Rows rows;
  const std::string stream = SchemaMessage() + BatchMessage({});
  ASSERT_TRUE(AppendStream(stream, &rows).ok());
  ASSERT_TRUE(AppendStream(stream, &rows).ok());
  EXPECT_EQ(rows.rows.size(), 4u);
}

// "m", a map of texts, which can be null, and "n", a number, which cannot.
std::string NestedSchemaMessage() {
  FlatBufferBuilder builder;
  const auto text = [&](const char* name) {
    return arrow::CreateField(builder, builder.CreateString(name), true,
                              arrow::Type_Utf8,
                              arrow::CreateUtf8(builder).Union());
  };
  const std::vector<Offset<arrow::Field>> pair = {text("key"), text("value")};
  const std::vector<Offset<arrow::Field>> entries = {arrow::CreateField(
      builder, builder.CreateString("entries"), false, arrow::Type_Struct_,
      arrow::CreateStruct_(builder).Union(), 0, builder.CreateVector(pair))};
  const std::vector<Offset<arrow::Field>> fields = {
      arrow::CreateField(builder, builder.CreateString("m"), true,
                         arrow::Type_Map, arrow::CreateMap(builder).Union(), 0,
                         builder.CreateVector(entries)),
      arrow::CreateField(builder, builder.CreateString("n"), false,
                         arrow::Type_Int,
                         arrow::CreateInt(builder, 32, true).Union())};
  const auto schema = arrow::CreateSchema(builder, arrow::Endianness_Little,
                                          builder.CreateVector(fields));
  return Framed(builder, arrow::MessageHeader_Schema, schema.Union(), "");
}

TEST(ArrowIpc, ReadsPastWhatIsNested) {
  Batch batch;
  batch.nodes = {{2, 0}, {1, 0}, {1, 0}, {1, 0}, {2, 0}};
  batch.buffers = {"", Bytes<int32_t>({0, 1, 1}),       // m
                   "",                                  // its entries
                   "", Bytes<int32_t>({0, 1}),    "k",  // their keys
                   "", Bytes<int32_t>({0, 1}),    "v",  // and values
                   "", Bytes<int32_t>({7, 8})};         // n
  Rows rows;

  const absl::Status status =
      AppendStream(NestedSchemaMessage() + BatchMessage(batch) + End(), &rows);

  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"m", "n"}));
  EXPECT_EQ(rows.required, (std::vector<bool>{false, true}));
  EXPECT_EQ(rows.rows,
            (std::vector<Values>{{std::nullopt, "7"}, {std::nullopt, "8"}}));
}

TEST(ArrowIpc, ReadsAResultWithoutRows) {
  Rows rows;
  ASSERT_TRUE(AppendStream(SchemaMessage() + End(), &rows).ok());
  EXPECT_EQ(rows.columns.size(), 2u);
  EXPECT_TRUE(rows.rows.empty());

  Batch none;
  none.length = 0;
  none.nodes = {{0, 0}, {0, 0}};
  none.buffers = {"", "", "", "", ""};
  ASSERT_TRUE(AppendStream(SchemaMessage() + BatchMessage(none), &rows).ok());
  EXPECT_TRUE(rows.rows.empty());
}

TEST(ArrowIpc, NamesTheColumnThatItCannotRead) {
  ExpectBroken(SchemaMessage(arrow::Type_Time) + End(), "\"t\"");
}

TEST(ArrowIpc, RefusesWhatIsNoStream) {
  ExpectBroken("", "no schema");
  ExpectBroken(End(), "no schema");
  ExpectBroken("abc", "cut off");
  ExpectBroken(std::string(64, 'x'), "cut off");
  ExpectBroken(BatchMessage({}), "before its schema");
  ExpectBroken(Bytes<uint32_t>({0xFFFFFFFF, 16}) + std::string(16, 'x'),
               "damaged");
}

TEST(ArrowIpc, RefusesABatchThatDoesNotFit) {
  const auto with = [](auto spoil) {
    Batch batch;
    spoil(batch);
    return SchemaMessage() + BatchMessage(batch);
  };
  ExpectBroken(with([](Batch& b) { b.length = -1; }), "how many rows");
  ExpectBroken(with([](Batch& b) { b.length = int64_t{1} << 40; }),
               "how many rows");
  ExpectBroken(with([](Batch& b) { b.nodes.pop_back(); }), "its schema");
  ExpectBroken(with([](Batch& b) { b.length = 3; }), "as long as its batch");
  ExpectBroken(with([](Batch& b) { b.buffers.pop_back(); }), "too few buffers");
  ExpectBroken(with([](Batch& b) { b.buffers[1].resize(4); }), "too short");
  ExpectBroken(with([](Batch& b) { b.buffers[0].clear(); }), "too short");
  ExpectBroken(with([](Batch& b) { b.buffers[4].clear(); }),
               "beyond its column");
  ExpectBroken(with([](Batch& b) { b.buffers[3] = Bytes<int32_t>({3, 2, 5}); }),
               "negative length");
}

// Any bytes may come: none may be read beyond the end, which a build with
// sanitizers would show.
TEST(ArrowIpc, SurvivesDamage) {
  const std::string whole = SchemaMessage() + BatchMessage({}) + End();
  std::mt19937 random(1);
  int read = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = whole.substr(0, 1 + random() % whole.size());
    for (int i = 0; i < 3; ++i) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    Rows rows;
    if (AppendStream(damaged, &rows).ok()) ++read;
  }
  EXPECT_GT(read, 0);
  EXPECT_LT(read, 20'000);
}

}  // namespace
}  // namespace doppel::warehouse::spark_connect

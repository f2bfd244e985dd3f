#include "service/warehouse/spark_connect/arrow_ipc.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/config.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "arrow-adbc/adbc.h"
#include "flatbuffers/flatbuffers.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/warehouse/adbc/arrow_text.h"
#include "service/warehouse/spark_connect/arrow_generated.h"

namespace doppel::warehouse::spark_connect {
namespace {

static_assert(ABSL_IS_LITTLE_ENDIAN, "Arrow's numbers are read as they are");

constexpr uint32_t kContinuation = 0xFFFFFFFF;

// Of one batch; Spark's own limit is 10,000. A column of nulls alone takes no
// bytes, so that a damaged number of rows would show in nothing else.
constexpr int64_t kMostRows = int64_t{1} << 24;

absl::Status Broken(absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition,
               Reason::kWarehouseStatementFailed,
               absl::StrCat("Spark sent a result that cannot be read: ", what));
}

// "?" stands for a type that is not read, in all of these: arrow_text refuses
// it with the column's name.
std::string IntFormat(const arrow::Int& type) {
  const bool is_signed = type.is_signed();
  switch (type.bit_width()) {
    case 8:
      return is_signed ? "c" : "C";
    case 16:
      return is_signed ? "s" : "S";
    case 32:
      return is_signed ? "i" : "I";
    case 64:
      return is_signed ? "l" : "L";
    default:
      return "?";
  }
}

std::string FloatFormat(const arrow::FloatingPoint& type) {
  switch (type.precision()) {
    case arrow::Precision_SINGLE:
      return "f";
    case arrow::Precision_DOUBLE:
      return "g";
    default:
      return "?";
  }
}

std::string DecimalFormat(const arrow::Decimal& type) {
  return absl::StrCat("d:", type.precision(), ",", type.scale(), ",",
                      type.bit_width());
}

std::string TimestampFormat(const arrow::Timestamp& type) {
  constexpr absl::string_view kUnits = "smun";
  const auto unit = static_cast<size_t>(type.unit());
  if (unit >= kUnits.size()) return "?";
  // The time zone does not matter: the text is in UTC.
  return absl::StrCat("ts", kUnits.substr(unit, 1), ":");
}

// A column whose values have no text: it is read as one of nulls.
constexpr absl::string_view kNested = "n";

// As Arrow's C data interface writes the type.
std::string FormatOf(const arrow::Field& field) {
  if (field.dictionary() != nullptr) return "?";
  switch (field.type_type()) {
    case arrow::Type_Null:
      return "n";
    case arrow::Type_Bool:
      return "b";
    case arrow::Type_Utf8:
      return "u";
    case arrow::Type_Int:
      return IntFormat(*field.type_as_Int());
    case arrow::Type_FloatingPoint:
      return FloatFormat(*field.type_as_FloatingPoint());
    case arrow::Type_Decimal:
      return DecimalFormat(*field.type_as_Decimal());
    case arrow::Type_Date:
      return field.type_as_Date()->unit() == arrow::DateUnit_DAY ? "tdD" : "?";
    case arrow::Type_Timestamp:
      return TimestampFormat(*field.type_as_Timestamp());
    case arrow::Type_List:
    case arrow::Type_Struct_:
    case arrow::Type_Map:
      return std::string(kNested);
    default:
      return "?";
  }
}

// What a column takes of a batch's nodes and buffers.
struct Share {
  size_t nodes = 0;
  size_t buffers = 0;
};

// With all that is nested in it, which the verifier has seen to be not too
// deep.
Share ShareOf(const arrow::Field& field) {
  Share share = {1, 2};
  if (field.type_type() == arrow::Type_Null) share.buffers = 0;
  if (field.type_type() == arrow::Type_Struct_) share.buffers = 1;
  if (field.type_type() == arrow::Type_Utf8 ||
      field.type_type() == arrow::Type_Binary) {
    share.buffers = 3;
  }
  if (field.children() == nullptr) return share;
  for (const arrow::Field* const child : *field.children()) {
    const Share more = ShareOf(*child);
    share.nodes += more.nodes;
    share.buffers += more.buffers;
  }
  return share;
}

// How many bytes one value takes; 0 for bits and for text, whose values are
// four-byte offsets.
size_t WidthOf(absl::string_view format) {
  switch (format[0]) {
    case 'c':
    case 'C':
      return 1;
    case 's':
    case 'S':
      return 2;
    case 'i':
    case 'I':
    case 'f':
      return 4;
    case 'd':
      return 16;
    case 't':
      return format[1] == 'd' ? 4 : 8;
    default:
      return 8;
  }
}

// The columns of a stream, as the C data interface has them.
class Columns {
 public:
  explicit Columns(const arrow::Schema& schema) {
    if (schema.fields() == nullptr) return;
    for (const arrow::Field* const field : *schema.fields()) {
      names_.push_back(field->name() == nullptr ? "" : field->name()->str());
      formats_.push_back(FormatOf(*field));
      shares_.push_back(ShareOf(*field));
      nodes_ += shares_.back().nodes;
      required_.push_back(!field->nullable());
    }
    fields_.resize(names_.size());
    for (size_t i = 0; i < fields_.size(); ++i) {
      fields_[i].name = names_[i].c_str();
      fields_[i].format = formats_[i].c_str();
      pointers_.push_back(&fields_[i]);
    }
    schema_.n_children = static_cast<int64_t>(pointers_.size());
    schema_.children = pointers_.data();
  }
  Columns(const Columns&) = delete;
  Columns& operator=(const Columns&) = delete;

  size_t count() const { return formats_.size(); }
  size_t nodes() const { return nodes_; }
  const std::string& format(size_t column) const { return formats_[column]; }
  const Share& share(size_t column) const { return shares_[column]; }
  const std::vector<bool>& required() const { return required_; }
  const ArrowSchema& schema() const { return schema_; }

 private:
  std::vector<std::string> names_;
  std::vector<std::string> formats_;
  std::vector<Share> shares_;
  size_t nodes_ = 0;  // of all columns
  std::vector<bool> required_;
  std::vector<ArrowSchema> fields_;
  std::vector<ArrowSchema*> pointers_;
  ArrowSchema schema_ = {};
};

// One batch's body, column after column, each buffer checked for being as long
// as its column needs it.
class BatchReader {
 public:
  BatchReader(const arrow::RecordBatch& batch, absl::string_view body)
      : batch_(batch), body_(body) {}

  absl::Status Read(const Columns& columns, Rows* rows) {
    if (batch_.compression() != nullptr) return Broken("it is compressed");
    if (batch_.nodes() == nullptr || batch_.buffers() == nullptr ||
        batch_.nodes()->size() != columns.nodes()) {
      return Broken("a batch does not have the columns of its schema");
    }
    if (batch_.length() < 0 || batch_.length() > kMostRows) {
      return Broken("a batch does not say how many rows it has");
    }
    arrays_.resize(columns.count());
    buffers_.resize(columns.count());
    for (size_t i = 0; i < columns.count(); ++i) {
      DOPPEL_RETURN_IF_ERROR(
          ReadColumn(i, columns.format(i), columns.share(i)));
      pointers_.push_back(&arrays_[i]);
    }
    ArrowArray whole = {};
    whole.length = batch_.length();
    whole.n_children = static_cast<int64_t>(pointers_.size());
    whole.children = pointers_.data();
    return adbc::AppendBatch(columns.schema(), whole, rows);
  }

 private:
  absl::Status ReadColumn(size_t column, absl::string_view format,
                          const Share& share) {
    const arrow::FieldNode& node =
        *batch_.nodes()->Get(static_cast<flatbuffers::uoffset_t>(node_));
    node_ += share.nodes;
    if (node.length() != batch_.length()) {
      return Broken("a column is not as long as its batch");
    }
    ArrowArray& array = arrays_[column];
    array.length = node.length();
    array.null_count = node.null_count();
    array.buffers = buffers_[column].data();
    if (format == kNested) {
      array.null_count = node.length();
      next_ += static_cast<flatbuffers::uoffset_t>(share.buffers);
      return absl::OkStatus();
    }
    const auto rows = static_cast<size_t>(node.length());
    const size_t bits = (rows + 7) / 8;
    DOPPEL_ASSIGN_OR_RETURN(const absl::string_view valid,
                            NextBuffer(node.null_count() == 0 ? 0 : bits));
    buffers_[column][0] = valid.empty() ? nullptr : valid.data();
    if (format == "u") return ReadText(column, rows);
    const size_t wanted = format == "b" ? bits : rows * WidthOf(format);
    DOPPEL_ASSIGN_OR_RETURN(const absl::string_view values, NextBuffer(wanted));
    buffers_[column][1] = values.data();
    return absl::OkStatus();
  }

  absl::Status ReadText(size_t column, size_t rows) {
    // A column without rows may come without its one offset.
    DOPPEL_ASSIGN_OR_RETURN(
        const absl::string_view offsets,
        NextBuffer(rows == 0 ? 0 : (rows + 1) * sizeof(int32_t)));
    DOPPEL_ASSIGN_OR_RETURN(const absl::string_view text, NextBuffer(0));
    int32_t last = 0;
    for (size_t i = 0; rows > 0 && i <= rows; ++i) {
      int32_t offset = 0;
      std::memcpy(&offset, offsets.data() + i * sizeof offset, sizeof offset);
      if (offset < last) return Broken("a text has a negative length");
      last = offset;
    }
    if (static_cast<size_t>(last) > text.size()) {
      return Broken("a text reaches beyond its column");
    }
    buffers_[column][1] = offsets.data();
    buffers_[column][2] = text.data();
    return absl::OkStatus();
  }

  // The next buffer, which has at least that many bytes.
  absl::StatusOr<absl::string_view> NextBuffer(size_t wanted) {
    if (next_ >= batch_.buffers()->size()) {
      return Broken("a column has too few buffers");
    }
    const arrow::Buffer& buffer = *batch_.buffers()->Get(next_++);
    const auto size = static_cast<int64_t>(body_.size());
    if (buffer.offset() < 0 || buffer.length() < 0 || buffer.offset() > size ||
        buffer.length() > size - buffer.offset()) {
      return Broken("a buffer reaches beyond the batch");
    }
    const absl::string_view bytes =
        body_.substr(static_cast<size_t>(buffer.offset()),
                     static_cast<size_t>(buffer.length()));
    if (bytes.size() < wanted) return Broken("a buffer is too short");
    return bytes;
  }

  const arrow::RecordBatch& batch_;
  const absl::string_view body_;
  size_t node_ = 0;
  flatbuffers::uoffset_t next_ = 0;
  std::vector<ArrowArray> arrays_;
  std::vector<std::array<const void*, 3>> buffers_;
  std::vector<ArrowArray*> pointers_;
};

// Takes the stream apart, message by message.
class StreamReader {
 public:
  explicit StreamReader(absl::string_view stream) : rest_(stream) {}

  absl::Status Read(Rows* rows) {
    while (!rest_.empty()) {
      DOPPEL_ASSIGN_OR_RETURN(const uint32_t size, TakeSize());
      if (size == 0) break;
      DOPPEL_RETURN_IF_ERROR(ReadMessage(size, rows));
    }
    if (!columns_.has_value()) return Broken("it has no schema");
    return absl::OkStatus();
  }

 private:
  // Streams of before Arrow 0.15 have no continuation before the size.
  absl::StatusOr<uint32_t> TakeSize() {
    DOPPEL_ASSIGN_OR_RETURN(const absl::string_view first, Take(4));
    uint32_t size = 0;
    std::memcpy(&size, first.data(), sizeof size);
    if (size != kContinuation) return size;
    DOPPEL_ASSIGN_OR_RETURN(const absl::string_view second, Take(4));
    std::memcpy(&size, second.data(), sizeof size);
    return size;
  }

  absl::Status ReadMessage(size_t size, Rows* rows) {
    DOPPEL_ASSIGN_OR_RETURN(const absl::string_view bytes, Take(size));
    // A table of numbers may stand anywhere in the stream, and flatbuffers
    // wants it where numbers stand.
    const std::vector<uint64_t> aligned = Aligned(bytes);
    const auto* const data = reinterpret_cast<const uint8_t*>(aligned.data());
    flatbuffers::Verifier verifier(data, bytes.size());
    if (!arrow::VerifyMessageBuffer(verifier)) {
      return Broken("a message is damaged");
    }
    const arrow::Message& message = *arrow::GetMessage(data);
    if (message.body_length() < 0)
      return Broken("a body has a negative length");
    DOPPEL_ASSIGN_OR_RETURN(const absl::string_view body,
                            Take(static_cast<size_t>(message.body_length())));
    return ReadHeader(message, body, rows);
  }

  absl::Status ReadHeader(const arrow::Message& message, absl::string_view body,
                          Rows* rows) {
    if (const auto* const schema = message.header_as_Schema()) {
      if (schema->endianness() != arrow::Endianness_Little) {
        return Broken("its numbers are big-endian");
      }
      columns_.emplace(*schema);
      rows->required = columns_->required();
      return adbc::ReadSchema(columns_->schema(), rows);
    }
    const auto* const batch = message.header_as_RecordBatch();
    if (batch == nullptr) return Broken("a message is of an unknown kind");
    if (!columns_.has_value()) return Broken("a batch comes before its schema");
    return BatchReader(*batch, body).Read(*columns_, rows);
  }

  static std::vector<uint64_t> Aligned(absl::string_view bytes) {
    std::vector<uint64_t> words((bytes.size() + 7) / 8);
    if (!bytes.empty()) std::memcpy(words.data(), bytes.data(), bytes.size());
    return words;
  }

  absl::StatusOr<absl::string_view> Take(size_t size) {
    if (rest_.size() < size) return Broken("it is cut off");
    const absl::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  absl::string_view rest_;
  std::optional<Columns> columns_;
};

}  // namespace

absl::Status AppendStream(absl::string_view stream, Rows* rows) {
  return StreamReader(stream).Read(rows);
}

}  // namespace doppel::warehouse::spark_connect

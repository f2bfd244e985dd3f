#include "service/warehouse/adbc/arrow_text.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "arrow-adbc/adbc.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"

namespace doppel::warehouse::adbc {
namespace {

// Writes the value at `row`, which counts the array's own offset and is not
// null.
using Writer = std::string (*)(const ArrowArray& array, int64_t row,
                               absl::string_view format);

template <typename T>
T At(const ArrowArray& array, int buffer, int64_t index) {
  T value;
  std::memcpy(&value,
              static_cast<const char*>(array.buffers[buffer]) +
                  index * static_cast<int64_t>(sizeof(T)),
              sizeof(T));
  return value;
}

bool Bit(const void* bits, int64_t index) {
  return (static_cast<const uint8_t*>(bits)[index / 8] >> (index % 8)) & 1;
}

template <typename Offset>
std::string WriteText(const ArrowArray& array, int64_t row, absl::string_view) {
  const auto begin = At<Offset>(array, 1, row);
  const auto end = At<Offset>(array, 1, row + 1);
  if (end == begin) return "";
  return std::string(static_cast<const char*>(array.buffers[2]) + begin,
                     static_cast<size_t>(end - begin));
}

// A view is 16 bytes: length, then up to 12 bytes of the text itself, or four
// bytes of it and the number of a buffer and the offset in there.
std::string WriteView(const ArrowArray& array, int64_t row, absl::string_view) {
  const char* const view =
      static_cast<const char*>(array.buffers[1]) + row * 16;
  int32_t parts[4];
  std::memcpy(parts, view, sizeof(parts));
  const auto length = static_cast<size_t>(parts[0]);
  if (length <= 12) return std::string(view + 4, length);
  return std::string(
      static_cast<const char*>(array.buffers[2 + parts[2]]) + parts[3], length);
}

template <typename T>
std::string WriteInteger(const ArrowArray& array, int64_t row,
                         absl::string_view) {
  return absl::StrCat(+At<T>(array, 1, row));
}

template <typename T>
std::string WriteFloat(const ArrowArray& array, int64_t row,
                       absl::string_view) {
  constexpr int kDigits = sizeof(T) == 4 ? 9 : 17;
  return absl::StrFormat("%.*g", kDigits, At<T>(array, 1, row));
}

std::string WriteBool(const ArrowArray& array, int64_t row, absl::string_view) {
  return Bit(array.buffers[1], row) ? "true" : "false";
}

std::string WriteNull(const ArrowArray&, int64_t, absl::string_view) {
  return "";
}

std::string WriteDate(const ArrowArray& array, int64_t row, absl::string_view) {
  return absl::FormatCivilTime(absl::CivilDay(1970, 1, 1) +
                               At<int32_t>(array, 1, row));
}

// "tsu:UTC" -> 1000000.
int64_t UnitsPerSecond(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 1'000;
    case 'u':
      return 1'000'000;
    default:
      return 1'000'000'000;
  }
}

// In UTC, whatever time zone the column has.
std::string WriteTimestamp(const ArrowArray& array, int64_t row,
                           absl::string_view format) {
  const int64_t units = UnitsPerSecond(format[2]);
  const auto value = At<int64_t>(array, 1, row);
  int64_t seconds = value / units;
  int64_t rest = value % units;
  if (rest < 0) {
    rest += units;
    --seconds;
  }
  std::string text =
      absl::FormatCivilTime(absl::CivilSecond(1970, 1, 1) + seconds);
  text[10] = ' ';
  if (rest == 0) return text;
  const int digits = units == 1'000 ? 3 : units == 1'000'000 ? 6 : 9;
  return absl::StrFormat("%s.%0*d", text, digits, rest);
}

// "d:18,3" -> 3; nothing for other widths than 128 bits.
std::optional<int> DecimalScale(absl::string_view format) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(format.substr(2), ',');
  int scale = 0;
  if (parts.size() < 2 || !absl::SimpleAtoi(parts[1], &scale)) return {};
  if (parts.size() > 2 && parts[2] != "128") return {};
  return scale;
}

std::string WriteDecimal(const ArrowArray& array, int64_t row,
                         absl::string_view format) {
  const absl::int128 value = absl::MakeInt128(
      At<int64_t>(array, 1, 2 * row + 1), At<uint64_t>(array, 1, 2 * row));
  const auto magnitude = value < 0 ? -static_cast<absl::uint128>(value)
                                   : static_cast<absl::uint128>(value);
  std::string digits = (std::ostringstream() << magnitude).str();
  const int scale = DecimalScale(format).value_or(0);
  if (scale > 0) {
    const auto wanted = static_cast<size_t>(scale) + 1;
    if (digits.size() < wanted) digits.insert(0, wanted - digits.size(), '0');
    digits.insert(digits.size() - static_cast<size_t>(scale), ".");
  }
  return value < 0 ? absl::StrCat("-", digits) : digits;
}

Writer LetterWriter(char letter) {
  switch (letter) {
    case 'n':
      return WriteNull;
    case 'b':
      return WriteBool;
    case 'c':
      return WriteInteger<int8_t>;
    case 'C':
      return WriteInteger<uint8_t>;
    case 's':
      return WriteInteger<int16_t>;
    case 'S':
      return WriteInteger<uint16_t>;
    case 'i':
      return WriteInteger<int32_t>;
    case 'I':
      return WriteInteger<uint32_t>;
    case 'l':
      return WriteInteger<int64_t>;
    case 'L':
      return WriteInteger<uint64_t>;
    case 'f':
      return WriteFloat<float>;
    case 'g':
      return WriteFloat<double>;
    case 'u':
      return WriteText<int32_t>;
    case 'U':
      return WriteText<int64_t>;
    default:
      return nullptr;
  }
}

// The formats are those of Arrow's C data interface.
Writer WriterFor(absl::string_view format) {
  if (format.size() == 1) return LetterWriter(format[0]);
  if (format == "vu") return WriteView;
  if (format == "tdD") return WriteDate;
  if (format.size() > 3 && absl::StartsWith(format, "ts")) {
    return WriteTimestamp;
  }
  if (absl::StartsWith(format, "d:") && DecimalScale(format)) {
    return WriteDecimal;
  }
  return nullptr;
}

absl::Status Unreadable(const ArrowSchema& column) {
  return Error(
             absl::StatusCode::kFailedPrecondition,
             Reason::kWarehouseStatementFailed,
             absl::StrCat("column \"", column.name,
                          "\" of the result has Arrow's type \"", column.format,
                          "\", which is not read; cast it to text in the "
                          "query"))
      .With("column", column.name)
      .With("type", column.format);
}

bool IsNull(const ArrowArray& array, absl::string_view format, int64_t row) {
  if (format == "n") return true;
  if (array.null_count == 0 || array.buffers[0] == nullptr) return false;
  return !Bit(array.buffers[0], row);
}

}  // namespace

absl::Status ReadSchema(const ArrowSchema& schema, Rows* rows) {
  rows->columns.clear();
  for (int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema& column = *schema.children[i];
    // A dictionary's format is that of its indexes, not of what they mean.
    if (column.dictionary != nullptr || WriterFor(column.format) == nullptr) {
      return Unreadable(column);
    }
    rows->columns.emplace_back(column.name == nullptr ? "" : column.name);
  }
  return absl::OkStatus();
}

absl::Status AppendBatch(const ArrowSchema& schema, const ArrowArray& batch,
                         Rows* rows) {
  DOPPEL_RET_CHECK(batch.n_children == schema.n_children);
  const size_t first = rows->rows.size();
  rows->rows.resize(first + static_cast<size_t>(batch.length));
  for (int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema& column = *schema.children[i];
    const ArrowArray& values = *batch.children[i];
    const absl::string_view format = column.format;
    const Writer write = WriterFor(format);
    if (write == nullptr) return Unreadable(column);
    for (int64_t row = 0; row < batch.length; ++row) {
      const int64_t at = batch.offset + values.offset + row;
      std::optional<std::string> text;
      if (!IsNull(values, format, at)) text = write(values, at, format);
      rows->rows[first + static_cast<size_t>(row)].push_back(std::move(text));
    }
  }
  return absl::OkStatus();
}

}  // namespace doppel::warehouse::adbc

#include "service/manifest/json_text.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "absl/strings/ascii.h"

namespace doppel::manifest {
namespace {

constexpr uint32_t kReplacement = 0xfffd;

// The four hexadecimal digits of \uXXXX, or none.
std::optional<uint32_t> HexDigits(absl::string_view text) {
  if (text.size() < 4) return std::nullopt;
  uint32_t value = 0;
  for (char c : text.substr(0, 4)) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) {
      return std::nullopt;
    }
    value = value * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

char* AppendUtf8(uint32_t code_point, char* out) {
  if (code_point < 0x80) {
    *out++ = static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    *out++ = static_cast<char>(0xc0 | (code_point >> 6));
    *out++ = static_cast<char>(0x80 | (code_point & 0x3f));
  } else if (code_point < 0x10000) {
    *out++ = static_cast<char>(0xe0 | (code_point >> 12));
    *out++ = static_cast<char>(0x80 | ((code_point >> 6) & 0x3f));
    *out++ = static_cast<char>(0x80 | (code_point & 0x3f));
  } else {
    *out++ = static_cast<char>(0xf0 | (code_point >> 18));
    *out++ = static_cast<char>(0x80 | ((code_point >> 12) & 0x3f));
    *out++ = static_cast<char>(0x80 | ((code_point >> 6) & 0x3f));
    *out++ = static_cast<char>(0x80 | (code_point & 0x3f));
  }
  return out;
}

bool IsHighSurrogate(uint32_t unit) { return (unit & 0xfc00) == 0xd800; }
bool IsLowSurrogate(uint32_t unit) { return (unit & 0xfc00) == 0xdc00; }

// The character of \u escapes at the start of `text` (behind the first "\u"),
// which is moved behind them.
std::optional<uint32_t> TakeCodePoint(absl::string_view& text) {
  const std::optional<uint32_t> unit = HexDigits(text);
  if (!unit.has_value()) return std::nullopt;
  text.remove_prefix(4);
  if (!IsHighSurrogate(*unit)) {
    return IsLowSurrogate(*unit) ? kReplacement : *unit;
  }
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') {
    return kReplacement;
  }
  const std::optional<uint32_t> low = HexDigits(text.substr(2));
  if (!low.has_value() || !IsLowSurrogate(*low)) return kReplacement;
  text.remove_prefix(6);
  return 0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00);
}

// The character of \x, '\0' where there is no such escape.
char SimpleEscape(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case '"':
    case '\\':
    case '/':
      return c;
    default:
      return '\0';
  }
}

// Has the high bit of each byte that is a backslash, and perhaps of bytes above
// the lowest such one.
uint64_t BackslashBits(uint64_t bytes) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  const uint64_t zero_there = bytes ^ (kOnes * '\\');
  return (zero_there - kOnes) & ~zero_there & (kOnes * 0x80);
}

static_assert(std::endian::native == std::endian::little,
              "CopyPlain takes the lowest byte for the first one");

// Copies up to the next backslash, and moves `raw` there. Lines are short, so
// backslashes are many: a call of memchr and memcpy for each costs more than
// eight bytes at a time do. May write eight bytes too many.
char* CopyPlain(absl::string_view& raw, char* out) {
  const char* from = raw.data();
  const char* const end = from + raw.size();
  uint64_t backslashes = 0;
  while (end - from >= 8 && backslashes == 0) {
    uint64_t bytes;
    std::memcpy(&bytes, from, 8);
    std::memcpy(out, &bytes, 8);
    backslashes = BackslashBits(bytes);
    const int plain = backslashes == 0 ? 8 : std::countr_zero(backslashes) / 8;
    from += plain;
    out += plain;
  }
  while (from < end && *from != '\\') *out++ = *from++;
  raw.remove_prefix(static_cast<size_t>(from - raw.data()));
  return out;
}

}  // namespace

std::optional<absl::string_view> Unescaper::Unescape(absl::string_view raw) {
  const size_t plain = raw.find('\\');
  if (plain == absl::string_view::npos) return raw;
  // Room for the eight bytes that CopyPlain() writes at a time.
  if (buffer_.size() < raw.size() + 8) buffer_.resize(raw.size() * 2 + 8);
  char* out = buffer_.data();
  while (true) {
    out = CopyPlain(raw, out);
    if (raw.empty()) break;
    raw.remove_prefix(1);
    if (raw.empty()) return std::nullopt;
    const char kind = raw[0];
    raw.remove_prefix(1);
    if (const char c = SimpleEscape(kind); c != '\0') {
      *out++ = c;
      continue;
    }
    if (kind != 'u') return std::nullopt;
    const std::optional<uint32_t> code_point = TakeCodePoint(raw);
    if (!code_point.has_value()) return std::nullopt;
    out = AppendUtf8(*code_point, out);
  }
  return absl::string_view(buffer_.data(), out - buffer_.data());
}

LineColumn LocateOffset(absl::string_view text, size_t offset) {
  LineColumn place;
  for (char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((c & 0xc0) != 0x80) {
      ++place.column;
    }
  }
  return place;
}

bool IsBlank(absl::string_view text) {
  for (char c : text) {
    if (!absl::ascii_isspace(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

}  // namespace doppel::manifest

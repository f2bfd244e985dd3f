#include "service/manifest/json_text.h"

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

}  // namespace

std::optional<absl::string_view> Unescaper::Unescape(absl::string_view raw) {
  size_t plain = raw.find('\\');
  if (plain == absl::string_view::npos) return raw;
  if (buffer_.size() < raw.size()) buffer_.resize(raw.size() * 2);
  char* out = buffer_.data();
  while (plain != absl::string_view::npos) {
    std::memcpy(out, raw.data(), plain);
    out += plain;
    raw.remove_prefix(plain + 1);
    if (raw.empty()) return std::nullopt;
    const char kind = raw[0];
    raw.remove_prefix(1);
    if (const char c = SimpleEscape(kind); c != '\0') {
      *out++ = c;
    } else {
      if (kind != 'u') return std::nullopt;
      const std::optional<uint32_t> code_point = TakeCodePoint(raw);
      if (!code_point.has_value()) return std::nullopt;
      out = AppendUtf8(*code_point, out);
    }
    plain = raw.find('\\');
  }
  std::memcpy(out, raw.data(), raw.size());
  out += raw.size();
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

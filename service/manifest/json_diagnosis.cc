#include "service/manifest/json_diagnosis.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "service/manifest/json_cursor.h"

namespace doppel::manifest {
namespace {

// Bytes of the UTF-8 sequence at the start of `text`; 0 where it is none.
size_t Utf8Length(absl::string_view text) {
  const auto byte = [&](size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto follows = [&](size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool overlong = first == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = first == 0xed && byte(1) > 0x9f;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool overlong = first == 0xf0 && byte(1) < 0x90;
    const bool beyond = first == 0xf4 && byte(1) > 0x8f;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4
                                                                          : 0;
  }
  return 0;
}

// Reads on until the first fault. Each Read...() returns whether to go on.
class Scanner {
 public:
  Scanner(absl::string_view text, size_t max_depth)
      : text_(text), max_depth_(max_depth) {}

  JsonFault Run() {
    if (!ReadValue()) return fault_;
    while (!open_.empty()) {
      if (!ReadNextMember()) return fault_;
    }
    SkipSpace();
    if (at_ < text_.size()) Expect("the end, for the JSON value ends above");
    return fault_;
  }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Ended() const { return at_ >= text_.size(); }

  void SkipSpace() {
    while (!Ended() && IsJsonSpace(text_[at_])) ++at_;
  }

  // Notes the fault: `expected` does not stand here.
  bool Expect(absl::string_view expected) {
    fault_.kind =
        Ended() ? JsonFault::Kind::kTruncated : JsonFault::Kind::kBroken;
    fault_.offset = at_;
    fault_.expected = std::string(expected);
    if (!Ended()) fault_.found = Found();
    return false;
  }

  std::string Found() const {
    const auto byte = static_cast<unsigned char>(text_[at_]);
    if (byte == '\0') return "a NUL byte";
    const size_t length = Utf8Length(text_.substr(at_));
    if (byte < 0x20 || length == 0) {
      return absl::StrFormat("the byte 0x%02x", byte);
    }
    return absl::StrCat("'", text_.substr(at_, length), "'");
  }

  // A scalar, or the start of a container.
  bool ReadValue() {
    SkipSpace();
    switch (Peek()) {
      case '{':
      case '[':
        return Open();
      case '"':
        return ReadString();
      case 't':
        return ReadWord("true");
      case 'f':
        return ReadWord("false");
      case 'n':
        return ReadWord("null");
      default:
        return ReadNumber();
    }
  }

  bool Open() {
    if (open_.size() >= max_depth_) {
      fault_.kind = JsonFault::Kind::kTooDeep;
      fault_.offset = at_;
      return false;
    }
    open_.push_back(text_[at_++]);
    first_ = true;
    return true;
  }

  // What stands next in the innermost container: its end or a member.
  bool ReadNextMember() {
    const bool object = open_.back() == '{';
    const char end = object ? '}' : ']';
    SkipSpace();
    if (Peek() == end) {
      ++at_;
      open_.pop_back();
      first_ = false;
      return true;
    }
    if (!first_) {
      if (Peek() != ',') return Expect(object ? "',' or '}'" : "',' or ']'");
      ++at_;
      SkipSpace();
    }
    first_ = false;
    if (!object) return ReadValue();
    if (Peek() != '"') return Expect("a key in double quotes");
    if (!ReadString()) return false;
    SkipSpace();
    if (Peek() != ':') return Expect("':' behind the key");
    ++at_;
    return ReadValue();
  }

  bool ReadWord(absl::string_view word) {
    for (char c : word) {
      if (Peek() != c) return Expect(absl::StrCat("\"", word, "\""));
      ++at_;
    }
    return true;
  }

  bool ReadDigits() {
    const size_t begin = at_;
    while (absl::ascii_isdigit(static_cast<unsigned char>(Peek()))) ++at_;
    return at_ > begin;
  }

  bool ReadNumber() {
    if (Peek() != '-' &&
        !absl::ascii_isdigit(static_cast<unsigned char>(Peek()))) {
      return Expect("a JSON value");
    }
    if (Peek() == '-') ++at_;
    if (Peek() == '0') {
      ++at_;
    } else if (!ReadDigits()) {
      return Expect("a digit");
    }
    if (Peek() == '.') {
      ++at_;
      if (!ReadDigits()) return Expect("a digit");
    }
    if (Peek() == 'e' || Peek() == 'E') {
      ++at_;
      if (Peek() == '+' || Peek() == '-') ++at_;
      if (!ReadDigits()) return Expect("a digit");
    }
    return true;
  }

  bool ReadString() {
    ++at_;
    while (true) {
      if (Ended()) return Expect("'\"' at the end of a string");
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') break;
      if (c < 0x20) return Expect("an escape (\\n, \\u0000) in a string");
      if (c == '\\') {
        if (!ReadEscape()) return false;
        continue;
      }
      const size_t length = Utf8Length(text_.substr(at_));
      if (length == 0) return Expect("UTF-8");
      at_ += length;
    }
    ++at_;
    return true;
  }

  bool ReadEscape() {
    ++at_;
    if (Ended()) return Expect("an escape");
    const char kind = text_[at_];
    if (absl::string_view("\"\\/bfnrtu").find(kind) ==
        absl::string_view::npos) {
      return Expect("an escape such as \\n or \\u0041");
    }
    ++at_;
    for (int i = 0; kind == 'u' && i < 4; ++i) {
      if (!absl::ascii_isxdigit(static_cast<unsigned char>(Peek()))) {
        return Expect("four hexadecimal digits behind \\u");
      }
      ++at_;
    }
    return true;
  }

  absl::string_view text_;
  size_t max_depth_;
  size_t at_ = 0;
  std::vector<char> open_;  // '{' or '['
  bool first_ = false;      // nothing was read in the innermost yet
  JsonFault fault_;
};

}  // namespace

JsonFault DiagnoseJson(absl::string_view text, size_t max_depth) {
  return Scanner(text, max_depth).Run();
}

}  // namespace doppel::manifest

// Goes forward over JSON text, from token to token: a bracket, a colon, a
// comma, or the start of a scalar. simdjson's first stage finds them, a window
// of the text at a time, so that what it finds stays in the cache; it also
// checks that the text is UTF-8 and that strings end. What may follow what is
// up to the caller.
//
// Errors are simdjson's codes. Thread contract: thread-compatible.
#ifndef DOPPEL_SERVICE_MANIFEST_JSON_CURSOR_H_
#define DOPPEL_SERVICE_MANIFEST_JSON_CURSOR_H_

#include <simdjson.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"

namespace doppel::manifest {

inline bool IsJsonSpace(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// Whether a scalar is a number by JSON's grammar.
bool IsJsonNumber(absl::string_view token);

class JsonCursor {
 public:
  using Code = simdjson::error_code;

  enum class Kind : uint8_t {
    kNull,
    kBool,
    kNumber,
    kString,
    kArray,
    kObject,
    kNone,  // no value starts so
  };

  // `text` is kept by reference, Text::kPadding readable bytes behind it. The
  // cursor stands nowhere until Start().
  explicit JsonCursor(absl::string_view text) : text_(text) {}
  JsonCursor(const JsonCursor&) = delete;
  JsonCursor& operator=(const JsonCursor&) = delete;

  // To the first token at or behind `place`, which is outside of strings.
  Code Start(const char* place);
  Code Start() { return Start(text_.data()); }

  // What is wrong with the text as far as it was looked at.
  Code error() const { return error_; }

  // The first character of the token; '\0' at the end, and where error() is.
  char Peek() const { return *at_; }
  bool at_end() const { return next_ == end_; }
  Kind kind() const { return KindOf(*at_); }
  // Of the value that starts with that character.
  static Kind KindOf(char first) {
    return kKinds[static_cast<unsigned char>(first)];
  }
  // Where the token starts.
  const char* place() const { return at_; }
  // Behind the bracket that was passed last.
  const char* EndOfPassed() const { return window_ + next_[-1] + 1; }

  void Advance() {
    ++next_;
    Settle();
  }
  // Past that token; false, and nowhere, where another one is next.
  bool Take(char c) {
    if (*at_ != c) return false;
    Advance();
    return true;
  }

  // The text of the scalar that is next.
  absl::string_view Scalar() const {
    const char* end = window_ + next_[1];
    while (IsJsonSpace(end[-1])) --end;
    return {at_, static_cast<size_t>(end - at_)};
  }
  // What stands between the quotes of the string that is next.
  absl::string_view StringBytes() const {
    const char* end = window_ + next_[1];
    while (*--end != '"') {
    }
    return {at_ + 1, static_cast<size_t>(end - at_ - 1)};
  }

  // Past a value, of which it checks the grammar. `depth` objects and arrays
  // stand around it.
  //
  // Errors: DEPTH_ERROR where it nests deeper than `max_depth`, else
  // TAPE_ERROR.
  Code Skip(size_t depth, size_t max_depth);
  // Past an object or array, or what looks like one by its brackets: its text.
  Code SkipByBrackets(absl::string_view* text);

 private:
  static constexpr std::array<Kind, 256> kKinds = [] {
    std::array<Kind, 256> kinds;
    kinds.fill(Kind::kNone);
    kinds['n'] = Kind::kNull;
    kinds['t'] = kinds['f'] = Kind::kBool;
    kinds['"'] = Kind::kString;
    kinds['['] = Kind::kArray;
    kinds['{'] = Kind::kObject;
    kinds['-'] = Kind::kNumber;
    for (char digit = '0'; digit <= '9'; ++digit) kinds[digit] = Kind::kNumber;
    return kinds;
  }();

  Code SkipObject(size_t depth, size_t max_depth);
  Code SkipArray(size_t depth, size_t max_depth);
  Code SkipScalar();

  // Finds the tokens of a window that begins at `place`.
  Code Index(const char* place);
  Code IndexWindow(const char* place, size_t size);
  void Settle() {
    if (next_ < end_) {
      at_ = window_ + *next_;
    } else {
      NextWindow();
    }
  }
  void NextWindow();
  void Stop(Code error);

  absl::string_view text_;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser_;
  const char* window_ = nullptr;
  size_t window_size_ = 0;
  const uint32_t* begin_ = nullptr;  // of the window's tokens
  const uint32_t* next_ = nullptr;
  const uint32_t* end_ = nullptr;
  const char* at_ = "";
  Code error_ = simdjson::SUCCESS;
};

// Where `place` is a bracket, how far it is from there to what `cursor` passed
// last, which is the closing one; otherwise 0.
inline size_t SizeOfPassed(const char* place, const JsonCursor& cursor) {
  if (*place != '{' && *place != '[') return 0;
  return static_cast<size_t>(cursor.EndOfPassed() - place);
}

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_JSON_CURSOR_H_

#include "service/manifest/json_cursor.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"

namespace doppel::manifest {

using simdjson::error_code;

namespace {

// The tokens of so much text fit into a core's own cache.
constexpr size_t kWindow = 128 * 1024;

size_t DigitsAt(absl::string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size() &&
         absl::ascii_isdigit(static_cast<unsigned char>(text[end]))) {
    ++end;
  }
  return end - begin;
}

// The end of the last piece of `text` that is followed by another string: a
// comma in front of a quote. Within a string there is hardly ever one, for its
// quotes stand behind backslashes. 0 where there is none.
size_t LastCut(absl::string_view text) {
  size_t quote = text.size();
  while ((quote = text.substr(0, quote).rfind('"')) !=
         absl::string_view::npos) {
    size_t end = quote;
    while (end > 0 && IsJsonSpace(text[end - 1])) --end;
    if (end > 0 && text[end - 1] == ',') return end;
  }
  return 0;
}

}  // namespace

bool IsJsonNumber(absl::string_view token) {
  size_t at = token.substr(0, 1) == "-" ? 1 : 0;
  const size_t whole = DigitsAt(token, at);
  if (whole == 0 || (whole > 1 && token[at] == '0')) return false;
  at += whole;
  if (at < token.size() && token[at] == '.') {
    const size_t fraction = DigitsAt(token, at + 1);
    if (fraction == 0) return false;
    at += 1 + fraction;
  }
  if (at < token.size() && (token[at] | 0x20) == 'e') {
    ++at;
    if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
    const size_t exponent = DigitsAt(token, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == token.size();
}

error_code JsonCursor::Start(const char* place) {
  const bool is_indexed = next_ != nullptr && place >= window_ &&
                          place < window_ + window_size_ && error_ == 0;
  if (!is_indexed) return Index(place);
  next_ =
      std::lower_bound(begin_, end_, static_cast<uint32_t>(place - window_));
  Settle();
  return error_;
}

error_code JsonCursor::Index(const char* place) {
  const absl::string_view rest =
      text_.substr(static_cast<size_t>(place - text_.data()));
  for (size_t size = kWindow; size < rest.size(); size *= 2) {
    const size_t cut = LastCut(rest.substr(0, size));
    if (cut == 0) continue;
    const Code code = IndexWindow(place, cut);
    // The cut was in a string after all.
    if (code == simdjson::UNCLOSED_STRING) continue;
    return code;
  }
  return IndexWindow(place, rest.size());
}

error_code JsonCursor::IndexWindow(const char* place, size_t size) {
  Code code = simdjson::SUCCESS;
  if (parser_ == nullptr) {
    code =
        simdjson::get_active_implementation()->create_dom_parser_implementation(
            std::min(text_.size(), kWindow), simdjson::DEFAULT_MAX_DEPTH,
            parser_);
  }
  if (!code && size > parser_->capacity()) code = parser_->set_capacity(size);
  if (!code) {
    code = parser_->stage1(reinterpret_cast<const uint8_t*>(place), size,
                           simdjson::stage1_mode::regular);
  }
  if (code) {
    Stop(code);
    return code;
  }
  error_ = simdjson::SUCCESS;
  window_ = place;
  window_size_ = size;
  begin_ = next_ = parser_->structural_indexes.get();
  end_ = begin_ + parser_->n_structural_indexes;
  at_ = window_ + *next_;
  return code;
}

void JsonCursor::NextWindow() {
  next_ = end_;
  at_ = "";
  const char* const place = window_ + window_size_;
  const char* const end = text_.data() + text_.size();
  if (place >= end) return;
  Index(place);
}

void JsonCursor::Stop(Code error) {
  error_ = error;
  next_ = end_;
  at_ = "";
}

error_code JsonCursor::Skip(size_t depth, size_t max_depth) {
  const char c = *at_;
  if (c == '"') {
    Advance();
    return simdjson::SUCCESS;
  }
  if (c != '{' && c != '[') return SkipScalar();
  if (depth >= max_depth) return simdjson::DEPTH_ERROR;
  Advance();
  return c == '{' ? SkipObject(depth + 1, max_depth)
                  : SkipArray(depth + 1, max_depth);
}

error_code JsonCursor::SkipObject(size_t depth, size_t max_depth) {
  if (Take('}')) return simdjson::SUCCESS;
  do {
    if (!Take('"') || !Take(':')) return simdjson::TAPE_ERROR;
    if (const Code e = Skip(depth, max_depth)) return e;
  } while (Take(','));
  return Take('}') ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
}

error_code JsonCursor::SkipArray(size_t depth, size_t max_depth) {
  if (Take(']')) return simdjson::SUCCESS;
  do {
    if (const Code e = Skip(depth, max_depth)) return e;
  } while (Take(','));
  return Take(']') ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
}

error_code JsonCursor::SkipScalar() {
  bool is_right = false;
  switch (kind()) {
    case Kind::kNull:
      is_right = Scalar() == "null";
      break;
    case Kind::kBool:
      is_right = Scalar() == "true" || Scalar() == "false";
      break;
    case Kind::kNumber:
      is_right = IsJsonNumber(Scalar());
      break;
    default:
      break;
  }
  if (!is_right) return simdjson::TAPE_ERROR;
  Advance();
  return simdjson::SUCCESS;
}

error_code JsonCursor::SkipByBrackets(absl::string_view* text) {
  const char* const begin = at_;
  size_t open = 0;
  do {
    const char c = *at_;
    if (c == '{' || c == '[') {
      ++open;
    } else if (c == '}' || c == ']') {
      --open;
    } else if (at_end()) {
      return simdjson::TAPE_ERROR;
    }
    Advance();
  } while (open > 0);
  *text = {begin, SizeOfPassed(begin, *this)};
  return simdjson::SUCCESS;
}

}  // namespace doppel::manifest

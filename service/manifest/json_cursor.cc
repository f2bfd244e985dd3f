#include "service/manifest/json_cursor.h"

#include <utility>

#include "absl/strings/ascii.h"

namespace doppel::manifest {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

namespace {

error_code SkipScalar(ondemand::value value, ondemand::json_type type) {
  switch (type) {
    case ondemand::json_type::string: {
      ondemand::raw_json_string raw;
      return value.get_raw_json_string().get(raw);
    }
    case ondemand::json_type::number: {
      const absl::string_view token = TokenOf(value);
      const error_code e = value.get_number().error();
      return e && IsJsonNumber(token) ? simdjson::SUCCESS : e;
    }
    case ondemand::json_type::boolean:
      return value.get_bool().error();
    default:
      return value.is_null().error();
  }
}

error_code SkipObject(ondemand::value value, size_t depth, size_t max_depth) {
  ondemand::object object;
  if (const error_code e = value.get_object().get(object)) return e;
  for (auto member : object) {
    ondemand::field field;
    if (const error_code e = std::move(member).get(field)) return e;
    if (const error_code e = SkipStrictly(field.value(), depth, max_depth)) {
      return e;
    }
  }
  return simdjson::SUCCESS;
}

error_code SkipArray(ondemand::value value, size_t depth, size_t max_depth) {
  ondemand::array array;
  if (const error_code e = value.get_array().get(array)) return e;
  for (auto member : array) {
    ondemand::value element;
    if (const error_code e = std::move(member).get(element)) return e;
    if (const error_code e = SkipStrictly(element, depth, max_depth)) return e;
  }
  return simdjson::SUCCESS;
}

size_t DigitsAt(absl::string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size() &&
         absl::ascii_isdigit(static_cast<unsigned char>(text[end]))) {
    ++end;
  }
  return end - begin;
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

error_code SkipStrictly(ondemand::value value, size_t depth, size_t max_depth) {
  ondemand::json_type type;
  if (const error_code e = value.type().get(type)) return e;
  const bool is_object = type == ondemand::json_type::object;
  if (!is_object && type != ondemand::json_type::array) {
    return SkipScalar(value, type);
  }
  if (depth >= max_depth) return simdjson::DEPTH_ERROR;
  return is_object ? SkipObject(value, depth + 1, max_depth)
                   : SkipArray(value, depth + 1, max_depth);
}

}  // namespace doppel::manifest

// Bytes behind simdjson's On-Demand values, and a strict way past a value.
//
// Thread contract: pure functions of the values given.
#ifndef DOPPEL_SERVICE_MANIFEST_JSON_CURSOR_H_
#define DOPPEL_SERVICE_MANIFEST_JSON_CURSOR_H_

#include <simdjson.h>

#include <cstddef>
#include <string_view>

#include "absl/strings/string_view.h"

namespace doppel::manifest {

inline bool IsJsonSpace(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// Without white space behind it.
inline absl::string_view TrimEnd(std::string_view text) {
  size_t size = text.size();
  while (size > 0 && IsJsonSpace(text[size - 1])) --size;
  return {text.data(), size};
}

// A scalar's bytes, or the bracket that opens a container.
inline absl::string_view TokenOf(simdjson::ondemand::value& value) {
  return TrimEnd(value.raw_json_token());
}

// What stands between the quotes of a string. Consumes the value.
inline simdjson::error_code StringBytes(simdjson::ondemand::value value,
                                        absl::string_view& bytes) {
  const absl::string_view token = TokenOf(value);
  simdjson::ondemand::raw_json_string raw;
  if (const auto e = value.get_raw_json_string().get(raw)) return e;
  if (token.size() < 2 || token.back() != '"') return simdjson::STRING_ERROR;
  bytes = token.substr(1, token.size() - 2);
  return simdjson::SUCCESS;
}

// What stands between the quotes of a field's key. The key ends where the
// bytes go back from its value over a colon to a quote.
inline absl::string_view KeyBytes(simdjson::ondemand::field& field) {
  const char* begin = field.key().raw();
  const char* end = field.value().raw_json_token().data();
  do {
    --end;
  } while (end > begin && *end != '"');
  return {begin, static_cast<size_t>(end - begin)};
}

// The whole text of an object or array that nothing was read of yet. Consumes
// it; reset() goes back.
template <typename Container>
simdjson::error_code RawJson(Container& container, absl::string_view& text) {
  std::string_view raw;
  if (const auto e = container.raw_json().get(raw)) return e;
  text = TrimEnd(raw);
  return simdjson::SUCCESS;
}

// Whether a scalar is a number by JSON's grammar. simdjson refuses those that
// no 64 bits hold; Python reads them.
bool IsJsonNumber(absl::string_view token);

// Goes past a value and checks its grammar, which simdjson's own skipping does
// not. `depth` objects and arrays stand around it.
//
// Errors: DEPTH_ERROR where it nests deeper than `max_depth`, else simdjson's.
simdjson::error_code SkipStrictly(simdjson::ondemand::value value, size_t depth,
                                  size_t max_depth);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_JSON_CURSOR_H_

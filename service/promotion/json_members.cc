#include "service/promotion/json_members.h"

#include <cstddef>
#include <map>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace doppel::promotion {
namespace {

size_t AfterString(absl::string_view json, size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
}

// The place after the value that begins at `at`.
size_t AfterValue(absl::string_view json, size_t at) {
  int depth = 0;
  while (at < json.size()) {
    const char c = json[at];
    if (c == '"') {
      at = AfterString(json, at);
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at;
      --depth;
      ++at;
    } else if (depth == 0 && (c == ',' || absl::ascii_isspace(c))) {
      return at;
    } else {
      ++at;
      continue;
    }
    if (depth == 0) return at;
  }
  return at;
}

size_t AfterSpace(absl::string_view json, size_t at, char also) {
  while (at < json.size() &&
         (absl::ascii_isspace(json[at]) || json[at] == also)) {
    ++at;
  }
  return at;
}

}  // namespace

std::string WithMembers(
    absl::string_view object,
    const std::map<absl::string_view, std::string>& values) {
  std::string out;
  out.reserve(object.size());
  size_t done = 0;
  size_t at = AfterSpace(object, 0, '{');
  while (at < object.size() && object[at] == '"') {
    const size_t end = AfterString(object, at);
    const absl::string_view key = object.substr(at + 1, end - at - 2);
    const size_t value = AfterSpace(object, end, ':');
    at = AfterValue(object, value);
    const auto found = values.find(key);
    if (found != values.end()) {
      absl::StrAppend(&out, object.substr(done, value - done), found->second);
      done = at;
    }
    at = AfterSpace(object, at, ',');
  }
  absl::StrAppend(&out, object.substr(done));
  return out;
}

}  // namespace doppel::promotion

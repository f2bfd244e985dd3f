#include "service/manifest/python_numbers.h"

#include <cstddef>
#include <utility>

#include "absl/strings/match.h"

namespace doppel::manifest {
namespace {

constexpr std::pair<absl::string_view, absl::string_view> kNumbers[] = {
    {"NaN", "\"n\""},
    {"Infinity", "\"Infini\""},
    {"-Infinity", "\"-Infini\""},
};

// The place behind the string that begins at `at`.
size_t BehindString(absl::string_view text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

}  // namespace

std::optional<std::string> WithoutPythonNumbers(absl::string_view text) {
  std::optional<std::string> result;
  for (size_t at = 0; at < text.size();) {
    if (text[at] == '"') {
      at = BehindString(text, at);
      continue;
    }
    size_t read = 1;
    for (const auto& [number, instead] : kNumbers) {
      if (!absl::StartsWith(text.substr(at), number)) continue;
      if (!result.has_value()) result.emplace(text);
      result->replace(at, instead.size(), instead.data(), instead.size());
      read = number.size();
      break;
    }
    at += read;
  }
  return result;
}

}  // namespace doppel::manifest

#include "service/base/dbt_version.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace doppel {
namespace {

// The digits that `part` begins with, as a number.
bool ReadNumber(absl::string_view part, int& number) {
  const auto end = std::find_if_not(part.begin(), part.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  return absl::SimpleAtoi(
      part.substr(0, static_cast<size_t>(end - part.begin())), &number);
}

}  // namespace

DbtVersion DbtVersionOf(absl::string_view text) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('.', 2));
  DbtVersion version;
  if (parts.size() < 2 || !ReadNumber(parts[0], version.major) ||
      !ReadNumber(parts[1], version.minor)) {
    return {};
  }
  if (parts.size() > 2 && !ReadNumber(parts[2], version.patch)) {
    version.patch = DbtVersion::kLast;
  }
  return version;
}

}  // namespace doppel

#include "service/warehouse/profiles/local_path.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace doppel::warehouse::profiles {

std::string LocalPath(absl::string_view path, absl::string_view folder) {
  std::filesystem::path whole{std::string(path)};
  const char* const home = std::getenv("HOME");
  if (absl::StartsWith(path, "~/") && home != nullptr) {
    whole = std::filesystem::path(home) / std::string(path.substr(2));
  }
  whole = std::filesystem::path(std::string(folder)) / whole;
  std::error_code error;
  const auto canonical = std::filesystem::weakly_canonical(whole, error);
  return error ? whole.lexically_normal().string() : canonical.string();
}

bool IsUrl(absl::string_view path) {
  const size_t colon = path.find(':');
  return colon != path.npos && colon > 1 &&
         std::all_of(path.begin(), path.begin() + colon, [](char c) {
           return absl::ascii_isalnum(c) || c == '+' || c == '-';
         });
}

}  // namespace doppel::warehouse::profiles

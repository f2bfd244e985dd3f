#include "service/server/files.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "service/store/sqlite/durable_file.h"

namespace doppel::server {

absl::StatusOr<manifest::Text> MapFile(const std::string& path) {
  std::error_code error;
  std::filesystem::path file(path);
  if (std::filesystem::is_directory(file, error)) file /= "manifest.json";
  if (!std::filesystem::is_regular_file(file, error)) {
    return absl::NotFoundError(
        absl::StrCat("cannot read ", file.string(), ": ",
                     error ? error.message() : "not a file"));
  }
  return store::MapFile(file.string());
}

}  // namespace doppel::server

#include "tests/conformance/oracle_manifests.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "service/base/status_macros.h"
#include "tests/conformance/oracle_case.h"
#include "tests/conformance/oracle_pack.h"

namespace doppel::conformance {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kExtension = ".json.gz";

// The keys of manifests in files of their own, sorted, as ReadOracleManifest
// takes them.
std::vector<std::string> KeysOfFiles(const std::string& folder) {
  std::vector<std::string> keys;
  for (absl::string_view part : {"manifests", "public"}) {
    const fs::path root = fs::path(folder) / std::string(part);
    if (!fs::is_directory(root)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      const std::string path = fs::relative(entry.path(), root).string();
      absl::string_view key = path;
      if (absl::EndsWith(key, ".files.json.gz") ||
          !absl::ConsumeSuffix(&key, kExtension)) {
        continue;
      }
      if (part == "public") {
        absl::ConsumeSuffix(&key, "/manifest");
        keys.push_back(absl::StrCat("manifests/", key));
      } else {
        keys.emplace_back(key);
      }
    }
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace

absl::Status ForEachManifest(
    const std::string& folder,
    const std::function<void(absl::string_view key, absl::string_view bytes)>&
        look) {
  ManifestPacks packs(folder);
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<std::string> packed, packs.Keys());
  for (const std::string& key : packed) {
    DOPPEL_ASSIGN_OR_RETURN(const absl::string_view bytes, packs.Read(key));
    look(key, bytes);
  }
  for (const std::string& key : KeysOfFiles(folder)) {
    DOPPEL_ASSIGN_OR_RETURN(const std::string bytes,
                            ReadOracleManifest(folder, key));
    look(key, bytes);
  }
  return absl::OkStatus();
}

bool IsBrokenOnPurpose(absl::string_view key) {
  return key == "statecompat/base_invalid_json" ||
         key == "statecompat/base_no_metadata" ||
         key == "statecompat/base_run_results" || key == "statecompat/base_v13";
}

}  // namespace doppel::conformance

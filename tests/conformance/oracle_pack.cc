#include "tests/conformance/oracle_pack.h"

#include <zstd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "service/base/status_macros.h"

namespace doppel::conformance {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kFolder = "manifests";
constexpr absl::string_view kExtension = ".zst";

absl::StatusOr<std::string> ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return absl::NotFoundError(absl::StrCat("no file ", path.string()));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

absl::StatusOr<std::string> UnpackZstd(absl::string_view bytes) {
  std::unique_ptr<ZSTD_DStream, size_t (*)(ZSTD_DStream*)> stream(
      ZSTD_createDStream(), ZSTD_freeDStream);
  std::string text;
  std::string chunk(ZSTD_DStreamOutSize(), '\0');
  ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
  size_t left = 1;  // 0 where a frame is complete
  ZSTD_outBuffer out = {chunk.data(), chunk.size(), 0};
  do {
    out.pos = 0;
    left = ZSTD_decompressStream(stream.get(), &out, &in);
    if (ZSTD_isError(left)) {
      return absl::DataLossError(
          absl::StrCat("not zstd: ", ZSTD_getErrorName(left)));
    }
    text.append(chunk, 0, out.pos);
  } while (in.pos < in.size || out.pos == out.size);
  if (left != 0) return absl::DataLossError("the zstd stream is cut off");
  return text;
}

absl::StatusOr<const ManifestPacks::Pack*> ManifestPacks::Open(
    const std::string& name) {
  auto [found, is_new] = packs_.try_emplace(name);
  Pack& pack = found->second;
  if (!is_new) return &pack;
  const fs::path path =
      fs::path(folder_) / std::string(kFolder) / absl::StrCat(name, kExtension);
  if (!fs::is_regular_file(path)) return &pack;  // a project without a pack
  DOPPEL_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  DOPPEL_ASSIGN_OR_RETURN(pack.text, UnpackZstd(bytes));
  for (absl::string_view line :
       absl::StrSplit(pack.text, '\n', absl::SkipEmpty())) {
    const size_t tab = line.find('\t');
    if (tab == line.npos) {
      return absl::DataLossError(absl::StrCat(path.string(), ": no key"));
    }
    pack.manifests.emplace(std::string(line.substr(0, tab)),
                           line.substr(tab + 1));
  }
  return &pack;
}

absl::StatusOr<absl::string_view> ManifestPacks::Read(absl::string_view key) {
  const std::string name(key.substr(0, key.find('/')));
  DOPPEL_ASSIGN_OR_RETURN(const Pack* pack, Open(name));
  auto found = pack->manifests.find(std::string(key));
  if (found == pack->manifests.end()) {
    return absl::NotFoundError(absl::StrCat("no packed manifest ", key));
  }
  return found->second;
}

absl::StatusOr<std::vector<std::string>> ManifestPacks::Keys() {
  std::vector<std::string> keys;
  std::error_code none;
  for (const auto& entry :
       fs::directory_iterator(fs::path(folder_) / std::string(kFolder), none)) {
    if (entry.path().extension().string() != kExtension) continue;
    DOPPEL_ASSIGN_OR_RETURN(const Pack* pack,
                            Open(entry.path().stem().string()));
    for (const auto& [key, manifest] : pack->manifests) keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace doppel::conformance

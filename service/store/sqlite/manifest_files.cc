#include "service/store/sqlite/manifest_files.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "service/base/digest.h"
#include "service/base/error.h"
#include "service/base/mutex.h"
#include "service/base/status_macros.h"
#include "service/manifest/text.h"
#include "service/store/sqlite/durable_file.h"

namespace doppel::store {
namespace {

constexpr absl::string_view kUploadSuffix = ".part";
constexpr absl::string_view kManifestSuffix = ".json";

std::string UploadName(absl::string_view digest) {
  return absl::StrCat(digest, kUploadSuffix);
}

std::string ManifestName(absl::string_view digest) {
  return absl::StrCat(digest, kManifestSuffix);
}

// Digests become file names: nothing else may.
absl::Status CheckDigest(absl::string_view digest) {
  if (IsSha256Hex(digest)) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
               absl::StrCat("\"", digest, "\" is no SHA-256 in hexadecimal"))
      .With("digest", digest);
}

absl::Status OffsetMismatch(int64_t offset, int64_t committed) {
  return Error(absl::StatusCode::kFailedPrecondition,
               Reason::kUploadOffsetMismatch,
               absl::StrCat("the upload stands at byte ", committed,
                            ", not at ", offset, "; go on there"))
      .With("offset", offset)
      .With("committed_bytes", committed);
}

absl::StatusOr<std::vector<std::string>> NamesIn(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end;
       !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  if (error) return FileError("cannot list", directory, error.value());
  return names;
}

bool IsOlder(const std::string& path, absl::Time before) {
  struct stat found{};
  return stat(path.c_str(), &found) == 0 &&
         absl::TimeFromTimespec(found.st_mtim) < before;
}

}  // namespace

ManifestFiles::ManifestFiles(absl::string_view directory)
    : manifests_(absl::StrCat(directory, "/manifests")),
      uploads_(absl::StrCat(directory, "/uploads")) {}

std::string ManifestFiles::UploadPath(absl::string_view digest) const {
  return absl::StrCat(uploads_, "/", UploadName(digest));
}

std::string ManifestFiles::ManifestPath(absl::string_view digest) const {
  return absl::StrCat(manifests_, "/", ManifestName(digest));
}

absl::Status ManifestFiles::Open() {
  DOPPEL_RETURN_IF_ERROR(MakeDirectory(manifests_));
  return MakeDirectory(uploads_);
}

absl::StatusOr<int64_t> ManifestFiles::UploadedBytes(absl::string_view digest) {
  DOPPEL_RETURN_IF_ERROR(CheckDigest(digest));
  return SizeOf(UploadPath(digest));
}

absl::Status ManifestFiles::AppendUpload(absl::string_view digest,
                                         int64_t offset,
                                         absl::string_view bytes) {
  DOPPEL_RETURN_IF_ERROR(CheckDigest(digest));
  const std::string path = UploadPath(digest);
  MutexLock lock(mutex_);
  DOPPEL_ASSIGN_OR_RETURN(const int64_t committed, SizeOf(path));
  if (offset != committed) return OffsetMismatch(offset, committed);
  return Append(path, offset, bytes);
}

absl::StatusOr<manifest::Text> ManifestFiles::ReadUpload(
    absl::string_view digest) {
  DOPPEL_RETURN_IF_ERROR(CheckDigest(digest));
  absl::StatusOr<manifest::Text> text = MapFile(UploadPath(digest));
  if (absl::IsNotFound(text.status())) return manifest::Text::Copy("");
  return text;
}

absl::Status ManifestFiles::DiscardUpload(absl::string_view digest) {
  DOPPEL_RETURN_IF_ERROR(CheckDigest(digest));
  MutexLock lock(mutex_);
  return RemoveDurably(uploads_, UploadName(digest));
}

absl::Status ManifestFiles::Commit(
    absl::string_view digest, int64_t size_bytes,
    const std::function<absl::Status()>& record) {
  DOPPEL_RETURN_IF_ERROR(CheckDigest(digest));
  MutexLock lock(mutex_);
  DOPPEL_ASSIGN_OR_RETURN(const int64_t uploaded, SizeOf(UploadPath(digest)));
  if (uploaded == size_bytes && uploaded > 0) {
    DOPPEL_RETURN_IF_ERROR(MoveDurably(uploads_, UploadName(digest), manifests_,
                                       ManifestName(digest)));
  } else {
    DOPPEL_ASSIGN_OR_RETURN(const int64_t kept, SizeOf(ManifestPath(digest)));
    if (kept != size_bytes) return OffsetMismatch(size_bytes, uploaded);
  }
  return record();
}

absl::StatusOr<manifest::Text> ManifestFiles::Read(absl::string_view digest) {
  DOPPEL_RETURN_IF_ERROR(CheckDigest(digest));
  return MapFile(ManifestPath(digest));
}

absl::Status ManifestFiles::Remove(
    absl::string_view digest, const std::function<absl::Status()>& unrecord) {
  // No file can have such a name, so no record has: the caller's NOT_FOUND.
  if (!IsSha256Hex(digest)) return unrecord();
  MutexLock lock(mutex_);
  DOPPEL_RETURN_IF_ERROR(unrecord());
  return RemoveDurably(manifests_, ManifestName(digest));
}

absl::Status ManifestFiles::Sweep(
    const std::function<absl::StatusOr<bool>(absl::string_view)>& is_known,
    absl::Time before) {
  MutexLock lock(mutex_);
  DOPPEL_ASSIGN_OR_RETURN(const auto manifests, NamesIn(manifests_));
  for (const std::string& name : manifests) {
    absl::string_view digest = name;
    if (!absl::ConsumeSuffix(&digest, kManifestSuffix)) continue;
    DOPPEL_ASSIGN_OR_RETURN(const bool known, is_known(digest));
    if (known) continue;
    DOPPEL_RETURN_IF_ERROR(
        MoveDurably(manifests_, name, uploads_, UploadName(digest)));
  }
  DOPPEL_ASSIGN_OR_RETURN(const auto uploads, NamesIn(uploads_));
  for (const std::string& name : uploads) {
    if (!IsOlder(absl::StrCat(uploads_, "/", name), before)) continue;
    DOPPEL_RETURN_IF_ERROR(RemoveDurably(uploads_, name));
  }
  return absl::OkStatus();
}

}  // namespace doppel::store

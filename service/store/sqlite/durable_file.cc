#include "service/store/sqlite/durable_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/manifest/text.h"

namespace doppel::store {
namespace {

constexpr mode_t kOwnerOnly = 0600;

absl::Status SyncPath(const std::string& path, int flags) {
  const OwnedFd fd(open(path.c_str(), flags | O_CLOEXEC));
  if (fd.get() < 0) return FileError("cannot open", path, errno);
  if (fsync(fd.get()) != 0) return FileError("cannot sync", path, errno);
  return absl::OkStatus();
}

absl::Status SyncDirectory(const std::string& path) {
  return SyncPath(path, O_RDONLY | O_DIRECTORY);
}

// A range of memory that unmaps itself.
class Mapping {
 public:
  Mapping(void* address, size_t size) : address_(address), size_(size) {}
  ~Mapping() { munmap(address_, size_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  void* address() const { return address_; }

 private:
  void* const address_;
  const size_t size_;
};

// Anonymous memory for the bytes and a page more, over whose beginning the
// file is laid: what is behind the file's last page can be read, too.
absl::StatusOr<manifest::Text> MapOpen(int fd, size_t size,
                                       const std::string& path) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t whole = (size + page - 1) / page * page + page;
  void* base =
      mmap(nullptr, whole, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) return FileError("cannot map", path, errno);
  auto mapping = std::make_shared<const Mapping>(base, whole);
  if (mmap(base, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) ==
      MAP_FAILED) {
    return FileError("cannot map", path, errno);
  }
  // Advice only: it may fail without harm.
  madvise(base, size, MADV_WILLNEED);
  const absl::string_view bytes(static_cast<const char*>(base), size);
  return manifest::Text::Borrow(std::move(mapping), bytes);
}

}  // namespace

OwnedFd::~OwnedFd() {
  if (fd_ >= 0) close(fd_);
}

absl::Status FileError(absl::string_view what, absl::string_view path,
                       int error_number) {
  const std::string text = std::strerror(error_number);
  if (error_number == ENOSPC || error_number == EDQUOT) {
    return Error(absl::StatusCode::kResourceExhausted, Reason::kStoreFull,
                 absl::StrCat(what, " ", path, ": ", text,
                              "; free space there, then retry"))
        .With("path", path);
  }
  return Error(absl::StatusCode::kUnavailable, Reason::kStoreFailed,
               absl::StrCat(what, " ", path, ": ", text))
      .With("path", path);
}

absl::Status MakeDirectory(const std::string& path) {
  const std::filesystem::path given(path);
  std::error_code error;
  if (given.has_parent_path()) {
    std::filesystem::create_directories(given.parent_path(), error);
    if (error) return FileError("cannot make", path, error.value());
  }
  if (mkdir(path.c_str(), 0700) == 0) return absl::OkStatus();
  if (errno != EEXIST) return FileError("cannot make", path, errno);
  struct stat found{};
  if (stat(path.c_str(), &found) != 0) {
    return FileError("cannot open", path, errno);
  }
  if (!S_ISDIR(found.st_mode)) return FileError("cannot use", path, ENOTDIR);
  return absl::OkStatus();
}

absl::StatusOr<int64_t> SizeOf(const std::string& path) {
  struct stat found{};
  if (stat(path.c_str(), &found) == 0) return int64_t{found.st_size};
  if (errno == ENOENT) return int64_t{0};
  return FileError("cannot read", path, errno);
}

absl::Status Append(const std::string& path, int64_t offset,
                    absl::string_view bytes) {
  const OwnedFd fd(
      open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kOwnerOnly));
  if (fd.get() < 0) return FileError("cannot write", path, errno);
  size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count =
        pwrite(fd.get(), bytes.data() + written, bytes.size() - written,
               static_cast<off_t>(offset + static_cast<int64_t>(written)));
    if (count >= 0) {
      written += static_cast<size_t>(count);
    } else if (errno != EINTR) {
      const absl::Status error = FileError("cannot write", path, errno);
      if (ftruncate(fd.get(), offset) != 0) {
        return Annotate(error, "and what was written of it is left");
      }
      return error;
    }
  }
  return absl::OkStatus();
}

absl::Status MoveDurably(const std::string& from_directory,
                         const std::string& from_name,
                         const std::string& to_directory,
                         const std::string& to_name) {
  const std::string from = absl::StrCat(from_directory, "/", from_name);
  const std::string to = absl::StrCat(to_directory, "/", to_name);
  DOPPEL_RETURN_IF_ERROR(SyncPath(from, O_RDWR));
  if (rename(from.c_str(), to.c_str()) != 0) {
    return FileError("cannot rename", from, errno);
  }
  DOPPEL_RETURN_IF_ERROR(SyncDirectory(to_directory));
  return SyncDirectory(from_directory);
}

absl::Status RemoveDurably(const std::string& directory,
                           const std::string& name) {
  const std::string path = absl::StrCat(directory, "/", name);
  if (unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return absl::OkStatus();
    return FileError("cannot remove", path, errno);
  }
  return SyncDirectory(directory);
}

absl::StatusOr<manifest::Text> MapFile(const std::string& path) {
  const OwnedFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) {
    if (errno == ENOENT) return absl::NotFoundError(path);
    return FileError("cannot read", path, errno);
  }
  struct stat found{};
  if (fstat(fd.get(), &found) != 0) {
    return FileError("cannot read", path, errno);
  }
  if (found.st_size == 0) return manifest::Text::Copy("");
  return MapOpen(fd.get(), static_cast<size_t>(found.st_size), path);
}

}  // namespace doppel::store

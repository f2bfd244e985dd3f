// Files and folders whose changes survive a power cut: written, then synced,
// the folder as well as the file. Errors carry STORE_FULL or STORE_FAILED.
//
// Thread contract: pure but for the file system; two callers must not write one
// file at once.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_DURABLE_FILE_H_
#define DOPPEL_SERVICE_STORE_SQLITE_DURABLE_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/manifest/text.h"

namespace doppel::store {

// A file descriptor that closes itself.
class OwnedFd {
 public:
  explicit OwnedFd(int fd) : fd_(fd) {}
  ~OwnedFd();
  OwnedFd(OwnedFd&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  OwnedFd& operator=(OwnedFd&&) = delete;

  int get() const { return fd_; }

 private:
  int fd_;
};

// The error of the call that just set errno: "what path: its text".
absl::Status FileError(absl::string_view what, absl::string_view path,
                       int error_number);

// Makes the folder, readable by its owner alone, and its parents.
absl::Status MakeDirectory(const std::string& path);

// The size in bytes; 0 where there is no such file.
absl::StatusOr<int64_t> SizeOf(const std::string& path);

// Adds bytes at the end, which is at `offset`. What a failed write left is cut
// off again. Not synced.
absl::Status Append(const std::string& path, int64_t offset,
                    absl::string_view bytes);

// Syncs the file, gives it its new name in the other folder, syncs both.
absl::Status MoveDurably(const std::string& from_directory,
                         const std::string& from_name,
                         const std::string& to_directory,
                         const std::string& to_name);

// A file that is not there counts as removed.
absl::Status RemoveDurably(const std::string& directory,
                           const std::string& name);

// The file's bytes, mapped, with Text::kPadding readable bytes behind them.
// NOT_FOUND without a reason where there is no such file.
absl::StatusOr<manifest::Text> MapFile(const std::string& path);

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_DURABLE_FILE_H_

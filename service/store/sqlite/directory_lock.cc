#include "service/store/sqlite/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/store/sqlite/durable_file.h"

namespace doppel::store {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(50);

// Who wrote the file last: the process that has the lock.
std::string HolderOf(int fd) {
  char text[32] = {};
  const ssize_t size = pread(fd, text, sizeof(text) - 1, 0);
  if (size <= 0) return "another process";
  const absl::string_view pid = absl::StripAsciiWhitespace(
      absl::string_view(text, static_cast<size_t>(size)));
  return absl::StrCat("process ", pid);
}

absl::Status InUse(const std::string& directory, int fd) {
  const std::string holder = HolderOf(fd);
  return Error(
             absl::StatusCode::kUnavailable, Reason::kStoreFailed,
             absl::StrCat("the store in ", directory, " is in use by ", holder,
                          "; end it, talk to it with --server, or "
                          "choose another folder"))
      .With("directory", directory)
      .With("holder", holder);
}

// For people only: the lock holds without it.
void WriteHolder(int fd) {
  const std::string text = absl::StrCat(getpid(), "\n");
  if (ftruncate(fd, 0) != 0) return;
  if (pwrite(fd, text.data(), text.size(), 0) < 0) return;
}

}  // namespace

absl::StatusOr<DirectoryLock> DirectoryLock::Take(const std::string& directory,
                                                  absl::Duration patience,
                                                  Kind kind) {
  const std::string path = absl::StrCat(directory, "/lock");
  OwnedFd fd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (fd.get() < 0) return FileError("cannot open", path, errno);
  const int mode = kind == Kind::kShared ? LOCK_SH : LOCK_EX;
  const absl::Time deadline = absl::Now() + patience;
  while (flock(fd.get(), mode | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return FileError("cannot lock", path, errno);
    }
    if (absl::Now() >= deadline) return InUse(directory, fd.get());
    absl::SleepFor(kPause);
  }
  WriteHolder(fd.get());
  return DirectoryLock(std::move(fd));
}

}  // namespace doppel::store

// Keeps a second process out of a store's folder. The lock goes away with the
// process that has it, however that ends.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_DIRECTORY_LOCK_H_
#define DOPPEL_SERVICE_STORE_SQLITE_DIRECTORY_LOCK_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/store/sqlite/durable_file.h"

namespace doppel::store {

class DirectoryLock {
 public:
  enum class Kind : uint8_t { kExclusive, kShared };

  // Waits up to `patience` for another that has it. UNAVAILABLE STORE_FAILED,
  // naming the process, where it does not let go.
  static absl::StatusOr<DirectoryLock> Take(const std::string& directory,
                                            absl::Duration patience, Kind kind);

 private:
  explicit DirectoryLock(OwnedFd fd) : fd_(std::move(fd)) {}

  OwnedFd fd_;
};

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_DIRECTORY_LOCK_H_

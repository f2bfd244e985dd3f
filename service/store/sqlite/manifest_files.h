// The bytes of manifests, and of uploads that are under way, in files.
//
// Thread contract: thread-safe.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_MANIFEST_FILES_H_
#define DOPPEL_SERVICE_STORE_SQLITE_MANIFEST_FILES_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/mutex.h"
#include "service/manifest/text.h"

namespace doppel::store {

class ManifestFiles {
 public:
  explicit ManifestFiles(absl::string_view directory);

  // Makes the folders.
  absl::Status Open();

  // As the methods of Store of these names.
  absl::StatusOr<int64_t> UploadedBytes(absl::string_view digest);
  absl::Status AppendUpload(absl::string_view digest, int64_t offset,
                            absl::string_view bytes);
  absl::StatusOr<manifest::Text> ReadUpload(absl::string_view digest);
  absl::Status DiscardUpload(absl::string_view digest);

  // Makes the upload the manifest's bytes, durably, and then runs `record`,
  // while no other commit or removal can come between. An upload that is gone
  // because the same manifest was committed meanwhile is fine.
  absl::Status Commit(absl::string_view digest, int64_t size_bytes,
                      const std::function<absl::Status()>& record);

  // NOT_FOUND without a reason where there is none.
  absl::StatusOr<manifest::Text> Read(absl::string_view digest);

  // Runs `unrecord` and removes the bytes if that succeeds.
  absl::Status Remove(absl::string_view digest,
                      const std::function<absl::Status()>& unrecord);

  // Makes uploads again of manifests that `is_known` denies (a commit or a
  // removal that broke off left them; of a commit, no byte may be lost), and
  // removes uploads not touched since `before`.
  absl::Status Sweep(
      const std::function<absl::StatusOr<bool>(absl::string_view)>& is_known,
      absl::Time before);

 private:
  std::string UploadPath(absl::string_view digest) const;
  std::string ManifestPath(absl::string_view digest) const;

  const std::string manifests_;
  const std::string uploads_;

  // Held while files are changed.
  Mutex mutex_;
};

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_MANIFEST_FILES_H_

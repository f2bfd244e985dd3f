// Packs of manifests: many variants of one project in one file.
//
// A pack is manifests/<name>.zst in the oracle's folder: a zstd stream of lines
// "<key>TAB<manifest>", whose keys begin with "<name>/". tests/conformance/
// oracle/pack.py writes it and says more of its form.
#ifndef DOPPEL_TESTS_CONFORMANCE_ORACLE_PACK_H_
#define DOPPEL_TESTS_CONFORMANCE_ORACLE_PACK_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace doppel::conformance {

// What zstd made of `bytes`, unpacked. Errors: DATA_LOSS.
absl::StatusOr<std::string> UnpackZstd(absl::string_view bytes);

// The packs of one folder, each read when it is first asked for and then kept.
// Thread contract: thread-compatible.
class ManifestPacks {
 public:
  explicit ManifestPacks(std::string folder) : folder_(std::move(folder)) {}

  // The bytes of the manifest of that key, valid as long as this is. Errors:
  // NOT_FOUND (no pack of that project, or none of that key in it), DATA_LOSS.
  absl::StatusOr<absl::string_view> Read(absl::string_view key);

  // The keys of all packs of the folder, sorted.
  absl::StatusOr<std::vector<std::string>> Keys();

 private:
  struct Pack {
    std::string text;
    std::map<std::string, absl::string_view> manifests;  // views of `text`
  };

  absl::StatusOr<const Pack*> Open(const std::string& name);

  std::string folder_;
  std::map<std::string, Pack> packs_;
};

}  // namespace doppel::conformance

#endif  // DOPPEL_TESTS_CONFORMANCE_ORACLE_PACK_H_

// The manifests of a store as graphs: read on demand, the lately used ones kept
// in memory, and so the comparisons between them.
//
// Thread contract: thread-safe. Two callers that want the same manifest at once
// wait for one reading of it. What it gave stays valid while somebody holds it.
#ifndef DOPPEL_SERVICE_STORE_MANIFEST_LIBRARY_H_
#define DOPPEL_SERVICE_STORE_MANIFEST_LIBRARY_H_

#include <cstddef>
#include <cstdint>
#include <future>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/clock.h"
#include "service/base/mutex.h"
#include "service/manifest/manifest.h"
#include "service/manifest/parse.h"
#include "service/state/comparison.h"
#include "service/store/store.h"

namespace doppel::store {

struct ManifestLibraryOptions {
  // Memory of graphs that are kept although nobody uses them, in bytes.
  size_t cache_bytes = size_t{512} << 20;
  // Comparisons that are kept; each holds its two graphs.
  size_t cache_comparisons = 8;
  manifest::ParseOptions parse;
  // Says whether a model's deprecation date has passed.
  Clock clock = RealClock();
};

class ManifestLibrary {
 public:
  using ManifestPtr = std::shared_ptr<const manifest::Manifest>;
  using ComparisonPtr = std::shared_ptr<const state::StateComparison>;

  // `store` outlives the library.
  ManifestLibrary(Store* store, ManifestLibraryOptions options)
      : store_(store), options_(std::move(options)) {}

  // The graph of a stored manifest. NOT_FOUND MANIFEST_NOT_FOUND, and the
  // errors of ParseManifest.
  absl::StatusOr<ManifestPtr> Load(absl::string_view digest);

  // Checks a finished upload against its digest and size, reads it, and keeps
  // the graph. The bytes are thrown away where they are wrong:
  // INVALID_ARGUMENT MANIFEST_DIGEST_MISMATCH, and the errors of
  // ParseManifest. Does not commit.
  absl::StatusOr<ManifestPtr> ReadUpload(absl::string_view digest,
                                         int64_t size_bytes);

  // Reads bytes that the store does not have, in a thread of its own, and keeps
  // the graph for as long as the library lives, under that digest. Load() waits
  // for it, and gives the errors of ParseManifest. Does nothing for a digest
  // that was adopted before. A manifest that looks like the one adopted before
  // it is read when that one was, beside it.
  void Adopt(absl::string_view digest, manifest::Text text);

  // The comparison of two stored manifests; the time of the options is the
  // library's own.
  absl::StatusOr<ComparisonPtr> Compare(
      absl::string_view current, absl::string_view older,
      const state::CompareOptions& options = {});

  const manifest::ParseOptions& parse_options() const { return options_.parse; }

 private:
  // A comparison that is kept, and the options as the caller gave them.
  struct Compared {
    state::CompareOptions options;
    ComparisonPtr comparison;
  };
  using Loaded = absl::StatusOr<ManifestPtr>;
  // Bytes that were adopted, and their graph, some time.
  struct Adoption {
    manifest::Text text;
    std::shared_future<Loaded> loaded;
  };

  Loaded ReadGraph(absl::string_view digest);
  // Not valid where there is none.
  std::shared_future<Loaded> Adopted(absl::string_view digest)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Keep(const ManifestPtr& manifest) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  ManifestPtr Kept(absl::string_view digest)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Store* const store_;
  const ManifestLibraryOptions options_;

  Mutex mutex_;
  // Most lately used first.
  std::list<ManifestPtr> kept_ ABSL_GUARDED_BY(mutex_);
  size_t kept_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<std::string, std::shared_future<Loaded>> adopted_
      ABSL_GUARDED_BY(mutex_);
  Adoption last_adoption_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::shared_future<Loaded>> loading_
      ABSL_GUARDED_BY(mutex_);
  std::list<Compared> comparisons_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_MANIFEST_LIBRARY_H_

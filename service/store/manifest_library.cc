#include "service/store/manifest_library.h"

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/digest.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/manifest/base_reader.h"

namespace doppel::store {
namespace {

Error Mismatch(absl::string_view what, absl::string_view announced,
               absl::string_view found) {
  return Error(absl::StatusCode::kInvalidArgument,
               Reason::kManifestDigestMismatch,
               absl::StrCat("the uploaded bytes have the ", what, " ", found,
                            ", announced was ", announced,
                            "; the file may have changed while it was sent: "
                            "upload it again"))
      .With("what", what)
      .With("announced", announced)
      .With("found", found);
}

// The graph once it is there; nullptr where there is none, or will be none.
ManifestLibrary::ManifestPtr GraphOf(
    const std::shared_future<absl::StatusOr<ManifestLibrary::ManifestPtr>>&
        loaded) {
  if (!loaded.valid() || !loaded.get().ok()) return nullptr;
  return *loaded.get();
}

}  // namespace

absl::StatusOr<ManifestLibrary::ManifestPtr> ManifestLibrary::Load(
    absl::string_view digest) {
  const std::shared_future<Loaded> adopted = Adopted(digest);
  if (adopted.valid()) return adopted.get();
  std::promise<Loaded> promise;
  std::shared_future<Loaded> future;
  bool mine = false;
  {
    MutexLock lock(mutex_);
    if (ManifestPtr kept = Kept(digest)) return kept;
    auto [entry, inserted] = loading_.try_emplace(std::string(digest));
    if (inserted) entry->second = promise.get_future().share();
    future = entry->second;
    mine = inserted;
  }
  if (!mine) return future.get();
  Loaded loaded = ReadGraph(digest);
  promise.set_value(loaded);
  MutexLock lock(mutex_);
  loading_.erase(digest);
  if (loaded.ok()) Keep(*loaded);
  return loaded;
}

ManifestLibrary::Loaded ManifestLibrary::ReadGraph(absl::string_view digest) {
  DOPPEL_ASSIGN_OR_RETURN(manifest::Text text, store_->ReadManifest(digest));
  return manifest::ParseManifest(std::move(text), std::string(digest),
                                 options_.parse);
}

absl::StatusOr<ManifestLibrary::ManifestPtr> ManifestLibrary::ReadUpload(
    absl::string_view digest, int64_t size_bytes) {
  DOPPEL_ASSIGN_OR_RETURN(manifest::Text text, store_->ReadUpload(digest));
  Loaded loaded = [&]() -> Loaded {
    if (static_cast<int64_t>(text.size()) != size_bytes) {
      return Mismatch("size", absl::StrCat(size_bytes),
                      absl::StrCat(text.size()));
    }
    const std::string found = Sha256Hex(text.view());
    if (found != digest) return Mismatch("SHA-256", digest, found);
    return manifest::ParseManifest(text, found, options_.parse);
  }();
  if (!loaded.ok()) {
    DOPPEL_RETURN_IF_ERROR(store_->DiscardUpload(digest));
    return loaded.status();
  }
  MutexLock lock(mutex_);
  if (Kept(digest) == nullptr) Keep(*loaded);
  return loaded;
}

void ManifestLibrary::Adopt(absl::string_view digest, manifest::Text text) {
  MutexLock lock(mutex_);
  auto [entry, inserted] = adopted_.try_emplace(std::string(digest));
  if (!inserted) return;
  std::shared_future<Loaded> base;
  if (manifest::LooksLike(text.view(), last_adoption_.text.view())) {
    base = last_adoption_.loaded;
  }
  entry->second = std::async(std::launch::async,
                             [text, base, digest = entry->first,
                              parse = options_.parse]() -> Loaded {
                               return manifest::ParseManifest(
                                   text, digest, parse, GraphOf(base));
                             })
                      .share();
  last_adoption_ = {std::move(text), entry->second};
}

std::shared_future<ManifestLibrary::Loaded> ManifestLibrary::Adopted(
    absl::string_view digest) {
  MutexLock lock(mutex_);
  const auto found = adopted_.find(digest);
  if (found == adopted_.end()) return {};
  return found->second;
}

absl::StatusOr<ManifestLibrary::ComparisonPtr> ManifestLibrary::Compare(
    absl::string_view current, absl::string_view older,
    const state::CompareOptions& options) {
  {
    MutexLock lock(mutex_);
    for (auto it = comparisons_.begin(); it != comparisons_.end(); ++it) {
      if (it->comparison->current().digest() != current ||
          it->comparison->older().digest() != older ||
          !(it->options == options)) {
        continue;
      }
      comparisons_.splice(comparisons_.begin(), comparisons_, it);
      return it->comparison;
    }
  }
  DOPPEL_ASSIGN_OR_RETURN(ManifestPtr now, Load(current));
  DOPPEL_ASSIGN_OR_RETURN(ManifestPtr before, Load(older));
  state::CompareOptions timed = options;
  timed.now = options_.clock();
  ComparisonPtr comparison =
      state::StateComparison::Make(std::move(now), std::move(before), timed);
  MutexLock lock(mutex_);
  comparisons_.push_front({options, comparison});
  if (comparisons_.size() > options_.cache_comparisons) comparisons_.pop_back();
  return comparison;
}

void ManifestLibrary::Keep(const ManifestPtr& manifest) {
  kept_.push_front(manifest);
  kept_bytes_ += manifest->memory_bytes();
  while (kept_bytes_ > options_.cache_bytes && kept_.size() > 1) {
    kept_bytes_ -= kept_.back()->memory_bytes();
    kept_.pop_back();
  }
}

ManifestLibrary::ManifestPtr ManifestLibrary::Kept(absl::string_view digest) {
  for (auto it = kept_.begin(); it != kept_.end(); ++it) {
    if ((*it)->digest() != digest) continue;
    kept_.splice(kept_.begin(), kept_, it);
    return kept_.front();
  }
  return nullptr;
}

}  // namespace doppel::store

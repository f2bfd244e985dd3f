// The larger methods, each in a file of its own: fqn, path, config, version.
//
// Thread contract: immutable once made, or pure functions.
#ifndef DOPPEL_SERVICE_SELECTION_MATCHERS_H_
#define DOPPEL_SERVICE_SELECTION_MATCHERS_H_

#include <bitset>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/dbt_version.h"
#include "service/manifest/manifest.h"
#include "service/selection/spec.h"
#include "service/selection/wildcard.h"

namespace doppel::selection {

// fqn: a node's name, or a prefix of its path, with or without the package
// (dbt's QualifiedNameSelectorMethod).
class FqnMatcher {
 public:
  explicit FqnMatcher(absl::string_view value, DbtVersion dbt = {});

  bool Matches(const manifest::Node& node) const;

 private:
  bool StartsWithValue(std::span<const absl::string_view> fqn) const;
  bool MatchesWildcard(absl::string_view joined, absl::string_view leaf) const;

  const std::string value_;
  const std::string versioned_name_;
  const size_t dots_;
  const bool matches_leaf_;       // whether a pattern may be of the name alone
  size_t fixed_ = 0;              // bytes before the part with a wildcard
  std::optional<Wildcard> rest_;  // from there on
};

// The same for many values without wildcards, in one walk over the nodes: a
// job that names a thousand models costs no more than one that names ten.
class FqnBatch {
 public:
  // Values with wildcards are left out.
  void Add(absl::string_view value);
  size_t size() const { return found_.size(); }

  // Finds the enabled nodes of all values; call it once.
  void Match(const manifest::Manifest& manifest);

  // The nodes of such a value, ascending; nullptr if it was not added.
  const std::vector<manifest::NodeId>* Find(absl::string_view value) const;

 private:
  void AddPrefixes(absl::string_view joined, manifest::NodeId id);
  void AddNames(const manifest::Node& node, manifest::NodeId id);
  void AddTo(absl::string_view value, manifest::NodeId id);

  absl::flat_hash_map<std::string, std::vector<manifest::NodeId>> found_;
  std::bitset<256> lengths_;  // of the values; the last one and longer
  // name_vN -> the values that mean that version.
  absl::flat_hash_map<std::string, std::vector<std::string>> versioned_;
};

// path: dbt globs the project's folder and takes nodes whose file, patch file
// or folder is among what it finds. The files and folders that the manifest
// knows of stand for the file system.
class PathMatcher {
 public:
  // INVALID_ARGUMENT SELECTION_INVALID_VALUE for what pathlib refuses: an
  // absolute path, the project's folder itself, "**" beside other characters.
  static absl::StatusOr<PathMatcher> Make(const Criterion& criterion,
                                          const manifest::Manifest& manifest);

  bool Matches(const manifest::Node& node) const;

 private:
  absl::flat_hash_set<std::string> found_;
};

// config.<argument>...: a value of the rendered config.
bool MatchesConfig(const Criterion& criterion, const manifest::Node& node);

// version: latest, prerelease, old or none.
enum class VersionWord { kLatest, kPrerelease, kOld, kNone };
bool MatchesVersion(VersionWord word, const manifest::Node& node);

}  // namespace doppel::selection

#endif  // DOPPEL_SERVICE_SELECTION_MATCHERS_H_

// The larger methods, each in a file of its own: fqn, path, config, version.
//
// Thread contract: immutable once made, or pure functions.
#ifndef DOPPEL_SERVICE_SELECTION_MATCHERS_H_
#define DOPPEL_SERVICE_SELECTION_MATCHERS_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"
#include "service/selection/spec.h"
#include "service/selection/wildcard.h"

namespace doppel::selection {

// fqn: a node's name, or a prefix of its path, with or without the package
// (dbt 1.12.6, QualifiedNameSelectorMethod).
class FqnMatcher {
 public:
  explicit FqnMatcher(absl::string_view value);

  bool Matches(const manifest::Node& node) const;

 private:
  bool MatchesFqn(std::span<const absl::string_view> fqn,
                  bool is_versioned) const;
  bool MatchesVersioned(std::span<const absl::string_view> fqn) const;
  bool MatchesParts(std::span<const absl::string_view> fqn,
                    bool is_versioned) const;

  const std::string value_;
  const std::vector<std::string> parts_;
  // For each part from the first one with a wildcard: the rest, joined.
  size_t first_wildcard_;
  std::unique_ptr<const Wildcard> rest_;
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

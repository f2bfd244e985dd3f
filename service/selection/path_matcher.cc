#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "re2/re2.h"
#include "service/manifest/manifest.h"
#include "service/selection/criterion_parser.h"
#include "service/selection/matchers.h"
#include "service/selection/wildcard.h"

namespace doppel::selection {
namespace {

// A manifest written on Windows has its separators.
std::string Normalized(absl::string_view path) {
  return absl::StrReplaceAll(path, {{"\\", "/"}});
}

// "<package>://<path>" without the package.
absl::string_view PatchFile(absl::string_view patch_path) {
  const size_t at = patch_path.find("://");
  return at == absl::string_view::npos ? patch_path
                                       : patch_path.substr(at + 3);
}

// The folder of a path; "." above the topmost.
std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

// The pattern's parts as pathlib has them: without "" and ".".
std::vector<std::string> PatternParts(absl::string_view pattern) {
  std::vector<std::string> parts;
  for (const absl::string_view part : absl::StrSplit(pattern, '/')) {
    if (!part.empty() && part != ".") parts.emplace_back(part);
  }
  return parts;
}

// pathlib's glob as a regular expression over paths relative to the project:
// wildcards stay within a part, "**" stands for any folders.
std::string GlobRegex(const std::vector<std::string>& parts) {
  std::string regex;
  for (size_t i = 0; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    if (parts[i] == "**") {
      absl::StrAppend(&regex, last ? "(.*)" : "([^/]+/)*");
    } else {
      absl::StrAppend(&regex, WildcardToRegex(parts[i], "[^/]"),
                      last ? "" : "/");
    }
  }
  return regex;
}

// The project's files that the manifest names, and their folders up to ".".
absl::flat_hash_set<std::string> KnownPaths(
    const manifest::Manifest& manifest) {
  const absl::string_view project = manifest.metadata().project_name;
  absl::flat_hash_set<std::string> paths = {"."};
  const auto add = [&paths](absl::string_view file) {
    std::string path = Normalized(file);
    while (path != "." && !path.empty() && paths.insert(path).second) {
      path = FolderOf(path);
    }
  };
  for (const manifest::Node& node : manifest.nodes()) {
    // Files of packages lie elsewhere than where the project is globbed.
    if (!project.empty() && node.package_name != project) continue;
    add(node.original_file_path);
    add(PatchFile(node.patch_path));
  }
  return paths;
}

}  // namespace

absl::StatusOr<PathMatcher> PathMatcher::Make(
    const Criterion& criterion, const manifest::Manifest& manifest) {
  if (absl::StartsWith(criterion.value, "/")) {
    return SelectionError(
        Reason::kSelectionInvalidValue, criterion.origin,
        "expected a path relative to the project's folder, got an absolute "
        "one");
  }
  PathMatcher matcher;
  const std::vector<std::string> parts = PatternParts(criterion.value);
  if (parts.empty()) return matcher;
  const absl::flat_hash_set<std::string> known = KnownPaths(manifest);
  if (!HasWildcard(criterion.value)) {
    const std::string path = absl::StrJoin(parts, "/");
    if (known.contains(path)) matcher.found_.insert(path);
    return matcher;
  }
  RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  const RE2 regex(GlobRegex(parts), options);
  for (const std::string& path : known) {
    if (RE2::FullMatch(path, regex)) matcher.found_.insert(path);
  }
  return matcher;
}

bool PathMatcher::Matches(const manifest::Node& node) const {
  if (found_.empty()) return false;
  std::string path = Normalized(node.original_file_path);
  if (found_.contains(path)) return true;
  if (!node.patch_path.empty() &&
      found_.contains(Normalized(PatchFile(node.patch_path)))) {
    return true;
  }
  while (path != ".") {
    path = FolderOf(path);
    if (found_.contains(path)) return true;
  }
  return false;
}

}  // namespace doppel::selection

#include <simdjson.h>

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "re2/re2.h"
#include "service/base/status_macros.h"
#include "service/manifest/manifest.h"
#include "service/selection/criterion_parser.h"
#include "service/selection/matchers.h"
#include "service/selection/wildcard.h"

namespace doppel::selection {
namespace {

// As pathlib writes it, with the separators of a manifest that was written on
// Windows: "./dbt_project.yml" is "dbt_project.yml". `buffer` holds the text
// where it is not the path itself.
absl::string_view Normalized(absl::string_view path, std::string& buffer) {
  if (path.find('\\') == absl::string_view::npos &&
      !absl::StartsWith(path, "./") && !absl::StrContains(path, "//") &&
      !absl::StrContains(path, "/./")) {
    return path;
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(
      path, absl::ByAnyChar("/\\"),
      [](absl::string_view part) { return !part.empty() && part != "."; });
  buffer = absl::StrJoin(parts, "/");
  return buffer;
}

// "<package>://<path>" in two; where there is no package, it is "".
struct Patch {
  absl::string_view package, file;

  explicit Patch(absl::string_view patch_path) : file(patch_path) {
    const size_t at = patch_path.find("://");
    if (at == absl::string_view::npos) return;
    package = patch_path.substr(0, at);
    file = patch_path.substr(at + 3);
  }
};

// The folder of a path; "." above the topmost.
absl::string_view FolderOf(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? "." : path.substr(0, slash);
}

// A pattern as pathlib reads it.
struct Glob {
  std::vector<std::string> parts;  // without "" and "."
  bool folders_only = false;       // ends with "/" or "**"

  bool finds_root() const {
    return std::all_of(parts.begin(), parts.end(),
                       [](const std::string& part) { return part == "**"; });
  }
};

// pathlib raises for each of these (Python 3.11, pathlib.Path.glob).
absl::StatusOr<Glob> ParseGlob(const Criterion& criterion) {
  const absl::string_view pattern = criterion.value;
  const auto invalid = [&criterion](absl::string_view message) {
    return SelectionError(Reason::kSelectionInvalidValue, criterion.origin,
                          message);
  };
  if (absl::StartsWith(pattern, "/")) {
    return invalid(
        "expected a path relative to the project's folder, got an absolute "
        "one");
  }
  Glob glob;
  for (const absl::string_view part : absl::StrSplit(pattern, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "**" && absl::StrContains(part, "**")) {
      return invalid("expected \"**\" to be a whole part of the path");
    }
    glob.parts.emplace_back(part);
  }
  if (glob.parts.empty()) {
    return invalid("expected a path below the project's folder");
  }
  glob.folders_only = absl::EndsWith(pattern, "/") || glob.parts.back() == "**";
  return glob;
}

// The glob as a regular expression over paths relative to the project:
// wildcards stay within a part, "**" stands for any folders.
std::string GlobRegex(const Glob& glob) {
  std::string regex;
  for (size_t i = 0; i < glob.parts.size(); ++i) {
    const bool last = i + 1 == glob.parts.size();
    if (glob.parts[i] != "**") {
      absl::StrAppend(&regex, WildcardToRegex(glob.parts[i], "[^/]"),
                      last ? "" : "/");
    } else if (last) {
      // "a/**" finds a itself as well.
      if (absl::EndsWith(regex, "/")) regex.pop_back();
      absl::StrAppend(&regex, i == 0 ? ".*" : "(/.*)?");
    } else {
      regex += "([^/]+/)*";
    }
  }
  return regex;
}

// The project's files that are known to be there, and their folders, each with
// whether it is a folder. Most are views into the manifest.
struct KnownPaths {
  absl::flat_hash_map<absl::string_view, bool> is_folder;
  std::deque<std::string> texts;
  // A manifest keeps equal texts once, so most are known by their place.
  absl::flat_hash_set<std::pair<const char*, size_t>> added;

  void Add(absl::string_view file) {
    if (!added.emplace(file.data(), file.size()).second) return;
    std::string buffer;
    absl::string_view path = Normalized(file, buffer);
    if (is_folder.contains(path)) return;
    if (!buffer.empty()) path = texts.emplace_back(std::move(buffer));
    bool folder = false;
    while (path != "." && !path.empty() &&
           is_folder.emplace(path, folder).second) {
      path = FolderOf(path);
      folder = true;
    }
  }
};

// A macro selects nothing, but lies in a folder in which nodes of a package may
// lie as well: tests/generic is in tests.
void AddMacroFiles(const manifest::Manifest& manifest, KnownPaths& paths) {
  simdjson::dom::parser parser;
  for (const manifest::Macro& macro : manifest.macros()) {
    if (macro.package_name != manifest.metadata().project_name) continue;
    const absl::string_view text = manifest.text().at(macro.text);
    std::string_view file;
    if (parser.parse(text.data(), text.size())["original_file_path"].get(
            file) == simdjson::SUCCESS) {
      paths.Add(paths.texts.emplace_back(file));
    }
  }
}

KnownPaths FindKnownPaths(const manifest::Manifest& manifest) {
  const absl::string_view project = manifest.metadata().project_name;
  // Files of packages lie elsewhere than where the project is globbed. A
  // project describes nodes of packages, and a package those of a project.
  const auto is_of_project = [project](absl::string_view package) {
    return project.empty() || package == project;
  };
  KnownPaths paths;
  for (const manifest::Node& node : manifest.nodes()) {
    if (is_of_project(node.package_name)) paths.Add(node.original_file_path);
    const Patch patch(node.patch_path);
    if (is_of_project(patch.package.empty() ? node.package_name
                                            : patch.package)) {
      paths.Add(patch.file);
    }
  }
  AddMacroFiles(manifest, paths);
  // Hooks are of that file, those of packages, too.
  paths.Add("dbt_project.yml");
  return paths;
}

}  // namespace

absl::StatusOr<PathMatcher> PathMatcher::Make(
    const Criterion& criterion, const manifest::Manifest& manifest) {
  DOPPEL_ASSIGN_OR_RETURN(const Glob glob, ParseGlob(criterion));
  PathMatcher matcher;
  if (glob.finds_root()) matcher.found_.insert(".");
  const KnownPaths paths = FindKnownPaths(manifest);
  const auto& known = paths.is_folder;
  if (!HasWildcard(criterion.value)) {
    const auto path = known.find(absl::StrJoin(glob.parts, "/"));
    if (path != known.end() && (path->second || !glob.folders_only)) {
      matcher.found_.emplace(path->first);
    }
    return matcher;
  }
  RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  const RE2 regex(GlobRegex(glob), options);
  for (const auto& [path, is_folder] : known) {
    if ((is_folder || !glob.folders_only) &&
        RE2::FullMatch(re2::StringPiece(path.data(), path.size()), regex)) {
      matcher.found_.emplace(path);
    }
  }
  return matcher;
}

bool PathMatcher::Matches(const manifest::Node& node) const {
  if (found_.empty()) return false;
  std::string buffer;
  if (!node.patch_path.empty() &&
      found_.contains(Normalized(Patch(node.patch_path).file, buffer))) {
    return true;
  }
  absl::string_view path = Normalized(node.original_file_path, buffer);
  if (found_.contains(path)) return true;
  while (path != ".") {
    path = FolderOf(path);
    if (found_.contains(path)) return true;
  }
  return false;
}

}  // namespace doppel::selection

// Resource names and enum words as people write and read them.
#ifndef DOPPEL_TOOLS_CLI_NAMES_H_
#define DOPPEL_TOOLS_CLI_NAMES_H_

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "doppel/v1/manifest.pb.h"

namespace doppel::cli {

// "prod" and "environments/prod" are the same; so for other collections.
inline std::string ResourceName(absl::string_view collection,
                                absl::string_view text) {
  const std::string prefix = absl::StrCat(collection, "/");
  return absl::StartsWith(text, prefix) ? std::string(text)
                                        : absl::StrCat(prefix, text);
}

inline std::string EnvironmentName(absl::string_view text) {
  return ResourceName("environments", text);
}

// Whether the text names a stored manifest, and no file.
inline bool IsManifestName(absl::string_view text) {
  return absl::StartsWith(text, "manifests/");
}

// "OPERATION_KIND_POINTER_VIEW" without its prefix, for people: "pointer view".
inline std::string EnumWord(absl::string_view name, absl::string_view prefix) {
  return absl::StrReplaceAll(
      absl::AsciiStrToLower(absl::StripPrefix(name, prefix)), {{"_", " "}});
}

inline std::string KindWord(v1::RelationKind kind) {
  return kind == v1::RELATION_KIND_UNSPECIFIED
             ? ""
             : EnumWord(v1::RelationKind_Name(kind), "RELATION_KIND_");
}

}  // namespace doppel::cli

#endif  // DOPPEL_TOOLS_CLI_NAMES_H_

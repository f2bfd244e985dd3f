#include "tools/cli/source_flag.h"

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/environment.pb.h"
#include "service/base/status_macros.h"
#include "tools/cli/failure.h"
#include "tools/cli/names.h"
#include "tools/cli/session.h"

namespace doppel::cli {

absl::StatusOr<v1::DeferSource> ParseSource(absl::string_view text,
                                            Session& session) {
  v1::DeferSource source;
  const size_t equals = text.find('=');
  const absl::string_view name = text.substr(0, equals);
  if (equals != absl::string_view::npos) {
    source.mutable_serves()->add_select(std::string(text.substr(equals + 1)));
  }
  if (name.empty()) {
    return UsageError(absl::StrCat("--from ", text,
                                   ": expected an environment or a manifest"));
  }
  const bool is_manifest =
      absl::StartsWith(name, "manifests/") || absl::EndsWith(name, ".json");
  if (!is_manifest) {
    source.set_environment(EnvironmentName(name));
    return source;
  }
  DOPPEL_ASSIGN_OR_RETURN(*source.mutable_manifest(),
                          session.UseManifest(name));
  return source;
}

}  // namespace doppel::cli

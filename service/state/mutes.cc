#include "service/state/mutes.h"

#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "service/base/error.h"
#include "service/state/adapter_family.h"

namespace doppel::state {
namespace {

// Whether the pattern, in which "*" stands for any text, is the whole text.
bool Fits(absl::string_view pattern, absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(pattern, '*');
  if (parts.size() == 1) return pattern == text;
  if (!absl::ConsumePrefix(&text, parts.front())) return false;
  if (!absl::ConsumeSuffix(&text, parts.back())) return false;
  for (size_t i = 1; i + 1 < parts.size(); ++i) {
    const size_t at = text.find(parts[i]);
    if (at == absl::string_view::npos) return false;
    text.remove_prefix(at + parts[i].size());
  }
  return true;
}

// The package of "macro.<package>.<name>".
absl::string_view PackageOf(absl::string_view macro) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(macro, absl::MaxSplits('.', 2));
  return parts.size() == 3 ? parts[1] : absl::string_view();
}

Error Unknown(absl::string_view text, absl::string_view field) {
  std::string known = "dbt_macros, environment_config";
  for (size_t kind = 0; kind < kCauseKindCount; ++kind) {
    absl::StrAppend(&known, ", ", CauseKindName(static_cast<CauseKind>(kind)));
  }
  const std::string message = absl::StrCat(
      "\"", text, "\" is no cause; expected one of ", known,
      ", the kinds perhaps with a subject as in \"config:meta\" or "
      "\"macro:macro.shop.*\"");
  return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
               absl::StrCat(field, ": ", message))
      .With("field", field)
      .With("value", text)
      .Field(field, message);
}

}  // namespace

absl::StatusOr<Mutes> Mutes::Parse(const std::vector<std::string>& texts,
                                   absl::string_view field) {
  Mutes mutes;
  for (const std::string& text : texts) {
    if (text == "dbt_macros") {
      mutes.dbt_macros_ = true;
      continue;
    }
    if (text == "environment_config") {
      mutes.environment_config_ = true;
      continue;
    }
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(text, absl::MaxSplits(':', 1));
    const std::optional<CauseKind> kind = CauseKindFromName(parts.first);
    if (!kind.has_value()) return Unknown(text, field);
    Pattern pattern{*kind, std::nullopt};
    if (absl::StrContains(text, ':')) {
      pattern.subject = std::string(parts.second);
    }
    mutes.patterns_.push_back(std::move(pattern));
  }
  return mutes;
}

bool Mutes::Cover(const Cause& cause, absl::string_view adapter_type) const {
  if (dbt_macros_ && cause.kind == CauseKind::kMacro &&
      IsInternalPackage(PackageOf(cause.subject), adapter_type)) {
    return true;
  }
  if (environment_config_ && cause.from_environment) return true;
  for (const Pattern& pattern : patterns_) {
    if (pattern.kind == cause.kind && (!pattern.subject.has_value() ||
                                       Fits(*pattern.subject, cause.subject))) {
      return true;
    }
  }
  return false;
}

}  // namespace doppel::state

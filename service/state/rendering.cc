#include "service/state/rendering.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "service/state/jinja_tokens.h"

namespace doppel::state {
namespace {

// What differs from one run of dbt to the next, by its names in Jinja.
constexpr absl::string_view kEnvironment[] = {
    "target",      "env_var",        "var",
    "flags",       "run_started_at", "invocation_id",
    "dbt_version", "modules",        "invocation_args_dict",
};

// dbt adds what YAML says of these to what the code says, so that the code
// alone does not tell their value.
constexpr absl::string_view kMerged[] = {
    "meta",    "tags",     "pre-hook",  "post-hook",    "packages",
    "docs",    "pre_hook", "post_hook", "column_types", "persist_docs",
    "quoting", "contract", "grants",
};

template <size_t N>
bool IsOneOf(const absl::string_view (&list)[N], absl::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

bool ReadsEnvironment(absl::string_view expression) {
  const std::vector<JinjaToken> tokens =
      TokenizeJinja(absl::StrCat("{{ ", expression, " }}"));
  return std::any_of(tokens.begin(), tokens.end(), [](const JinjaToken& token) {
    return token.kind == JinjaToken::Kind::kName &&
           IsOneOf(kEnvironment, token.text);
  });
}

bool IsJinja(const ConfigEntry& entry) {
  const std::string text = entry.ToJson();
  return absl::StrContains(text, "{{") || absl::StrContains(text, "{%");
}

}  // namespace

bool OnlyRendersApart(const Sides& sides, const manifest::Node& older,
                      const manifest::Node& current, absl::string_view key,
                      const ConfigEntry& before, const ConfigEntry& after) {
  if (!before.present() || !after.present()) return false;
  if (IsJinja(before) != IsJinja(after)) return true;
  if (IsOneOf(kMerged, key)) return false;
  const ConfigView written_before(sides.older, older, true);
  const ConfigView written_after(sides.current, current, true);
  const std::string* const a = written_before.Get(key).text;
  const std::string* const b = written_after.Get(key).text;
  return a != nullptr && b != nullptr && *a == *b && ReadsEnvironment(*a);
}

}  // namespace doppel::state

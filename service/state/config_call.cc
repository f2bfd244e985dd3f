#include "service/state/config_call.h"

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "service/state/jinja_expression.h"
#include "service/state/jinja_tokens.h"

namespace doppel::state {
namespace {

using Kind = JinjaToken::Kind;

// Where the first config() call's arguments begin.
std::optional<size_t> FindConfigCall(const std::vector<JinjaToken>& tokens) {
  auto is = [&](size_t i, Kind kind, absl::string_view text) {
    return tokens[i].kind == kind && tokens[i].text == text;
  };
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!is(i, Kind::kName, "config") || !is(i + 1, Kind::kOperator, "(")) {
      continue;
    }
    const bool is_member = i > 0 && (is(i - 1, Kind::kOperator, ".") ||
                                     is(i - 1, Kind::kOperator, "|"));
    if (!is_member) return i + 2;
  }
  return std::nullopt;
}

}  // namespace

std::map<std::string, std::string> ParseConfigCall(
    absl::string_view template_) {
  if (!absl::StrContains(template_, "config(")) return {};
  const std::vector<JinjaToken> tokens = TokenizeJinja(template_);
  const std::optional<size_t> begin = FindConfigCall(tokens);
  if (!begin.has_value()) return {};
  const std::optional<JinjaArguments> arguments =
      ParseJinjaArguments(tokens, *begin);
  if (!arguments.has_value()) return {};
  std::map<std::string, std::string> values;
  for (const auto& [key, value] : arguments->keywords) {
    values[key] = value.plain.value_or(value.source);
  }
  return values;
}

}  // namespace doppel::state

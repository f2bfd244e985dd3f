// Reads Jinja expressions and spells them as dbt 1.12 does when it keeps one
// unrendered (clients/jinja_static.py, _reconstruct_node).
//
// Thread contract: a pure function.
#ifndef DOPPEL_SERVICE_STATE_JINJA_EXPRESSION_H_
#define DOPPEL_SERVICE_STATE_JINJA_EXPRESSION_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/state/jinja_tokens.h"

namespace doppel::state {

// An expression in dbt's two spellings: as source, and as jinja2 prints its
// syntax tree, which is what dbt falls back to for what it cannot spell.
struct JinjaExpression {
  std::string source;
  std::string tree;
  // A plain string constant stands for itself, without quotes.
  std::optional<std::string> plain;
};

// The arguments of a call.
struct JinjaArguments {
  std::vector<JinjaExpression> positional;
  std::vector<std::pair<std::string, JinjaExpression>> keywords;
  std::optional<JinjaExpression> star;
  std::optional<JinjaExpression> double_star;
};

// Those of the call whose opening parenthesis stands before `at`; none where
// they break jinja2's grammar or nest deeper than any person writes.
std::optional<JinjaArguments> ParseJinjaArguments(
    const std::vector<JinjaToken>& tokens, size_t at);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_JINJA_EXPRESSION_H_

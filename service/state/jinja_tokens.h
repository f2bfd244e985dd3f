// The tokens of Jinja expressions, as jinja2's lexer cuts them.
//
// Thread contract: a pure function.
#ifndef DOPPEL_SERVICE_STATE_JINJA_TOKENS_H_
#define DOPPEL_SERVICE_STATE_JINJA_TOKENS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace doppel::state {

struct JinjaToken {
  enum class Kind : uint8_t { kName, kString, kNumber, kOperator, kBlockEnd };
  Kind kind = Kind::kOperator;
  // A name or operator as written, a string's value, a number as Python
  // prints it.
  std::string text;
};

// The tokens of every "{{ }}" and "{% %}" of a template in order, each closed
// by a kBlockEnd; comments and raw blocks are passed over. Stops before the
// first block that is not well formed.
std::vector<JinjaToken> TokenizeJinja(absl::string_view text);

// A string as Python's repr() spells it.
std::string PythonRepr(absl::string_view text);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_JINJA_TOKENS_H_

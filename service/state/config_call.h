// The keyword arguments of a model's `config(...)` call, as dbt 1.12 writes
// them into unrendered_config (clients/jinja_static.py,
// statically_parse_unrendered_config): a plain string as it is, any other
// expression as source text in one fixed spelling.
//
// Needed because dbt reads the calls of an older dbt's manifest anew before it
// compares them.
//
// Thread contract: a pure function.
#ifndef DOPPEL_SERVICE_STATE_CONFIG_CALL_H_
#define DOPPEL_SERVICE_STATE_CONFIG_CALL_H_

#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace doppel::state {

// Key -> value text of the first config() call in a Jinja template; empty
// where there is none, or where the template is not Jinja that can be read.
std::map<std::string, std::string> ParseConfigCall(absl::string_view template_);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_CONFIG_CALL_H_

// The part of Jinja that profiles.yml needs: env_var(), with a default; the
// filters int, as_number, as_bool, as_native and as_text; "~"; text around
// it. What else Jinja can do is refused by name.
//
// Rule: dbt 1.12, context/secret.py and config/renderer.py.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_PROFILES_TEMPLATE_H_
#define DOPPEL_SERVICE_WAREHOUSE_PROFILES_TEMPLATE_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace doppel::warehouse::profiles {

// The value of an environment variable; none where it is not set.
using Variables =
    std::function<std::optional<std::string>(absl::string_view name)>;

struct Rendered {
  std::string text;
  bool is_secret = false;  // made with a DBT_ENV_SECRET_ variable
};

// FAILED_PRECONDITION PROFILES_INVALID: a variable without value or default,
// or Jinja that is not known. The message quotes no variable's value.
absl::StatusOr<Rendered> Render(absl::string_view text,
                                const Variables& variables);

}  // namespace doppel::warehouse::profiles

#endif  // DOPPEL_SERVICE_WAREHOUSE_PROFILES_TEMPLATE_H_

// Which constraints a dbt adapter's engine really enforces: CONSTRAINT_SUPPORT
// of each adapter's impl.py, as of dbt 1.12.
#ifndef DOPPEL_SERVICE_STATE_CONSTRAINT_SUPPORT_H_
#define DOPPEL_SERVICE_STATE_CONSTRAINT_SUPPORT_H_

#include "absl/strings/string_view.h"

namespace doppel::state {

// `type`: check, not_null, unique, primary_key or foreign_key; any other is
// never enforced. An adapter that is not known has dbt's base rules.
bool EnforcesConstraint(absl::string_view adapter_type, absl::string_view type);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_CONSTRAINT_SUPPORT_H_

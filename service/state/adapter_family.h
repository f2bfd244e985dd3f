// Which adapters an adapter is built on, as dbt's plugins declare them
// (AdapterPlugin.dependencies): macros are looked for in this order.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_STATE_ADAPTER_FAMILY_H_
#define DOPPEL_SERVICE_STATE_ADAPTER_FAMILY_H_

#include <vector>

#include "absl/strings/string_view.h"

namespace doppel::state {

// The adapter and those that it is built on, nearest first: {"redshift",
// "postgres"}. An adapter that is not known is built on none.
std::vector<absl::string_view> AdapterFamily(absl::string_view adapter_type);

// Whether macros of that package come with dbt or with one of the family's
// adapters: "dbt", "dbt_redshift", "dbt_postgres".
bool IsInternalPackage(absl::string_view package,
                       absl::string_view adapter_type);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_ADAPTER_FAMILY_H_

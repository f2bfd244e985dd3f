#include "service/store/lease_error.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/store/store.h"

namespace doppel::store {

absl::Status LeasedError(const LeaseRecord& held) {
  absl::string_view environment = held.name;
  const bool is_environment =
      absl::ConsumePrefix(&environment, "environments/");
  Error error(absl::StatusCode::kAborted, Reason::kEnvironmentLeased,
              absl::StrCat("execution \"", held.execution, "\" is writing to ",
                           is_environment ? absl::StrCat("environment \"",
                                                         environment, "\"")
                                          : held.name,
                           " (run by ", held.holder,
                           "); try again when it has ended, or cancel it"));
  if (is_environment) error.With("environment", environment);
  return error.With("lease", held.name)
      .With("holder", held.holder)
      .With("execution", absl::StrCat("executions/", held.execution))
      .RetryAfter(absl::Seconds(5));
}

absl::Status LostLeaseError(absl::string_view execution) {
  return Error(absl::StatusCode::kAborted, Reason::kEnvironmentLeased,
               absl::StrCat("the lease on execution \"", execution,
                            "\" is lost: its time was over and another server "
                            "may go on with it; watch it there"))
      .With("execution", absl::StrCat("executions/", execution));
}

}  // namespace doppel::store

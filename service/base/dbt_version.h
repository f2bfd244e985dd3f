// Versions of dbt, to tell which of its rules hold.
#ifndef DOPPEL_SERVICE_BASE_DBT_VERSION_H_
#define DOPPEL_SERVICE_BASE_DBT_VERSION_H_

#include <limits>

#include "absl/strings/string_view.h"

namespace doppel {

// A version such as "1.12.6", "1.8" (then its last patch) or "2.0.0-alpha.4".
struct DbtVersion {
  static constexpr int kLast = std::numeric_limits<int>::max();

  int major = kLast;
  int minor = kLast;
  int patch = kLast;

  friend auto operator<=>(const DbtVersion&, const DbtVersion&) = default;
};

// Text that is no version, "" above all, stands for the newest.
DbtVersion DbtVersionOf(absl::string_view text);

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_DBT_VERSION_H_
